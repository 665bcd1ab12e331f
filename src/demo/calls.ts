import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Instant, plusMs } from '../base/instant.ts'
import { castCalls, type CastCall } from './cast-calls.ts'
import { cast, castSize, type Country, type Language } from './cast.ts'
import { type Person, type Population, spellAnyPhone } from './people.ts'
import { randomFor, type Random } from './random.ts'
import type { Cell, Sink } from './sink.ts'
import { transcript } from './texts.ts'
import { toneWav } from './wav.ts'

const dayMs = 86_400_000
const topic = 21

/** The desk's own lines, by country. */
export const deskLines: Record<Country, string> = {
  NL: '+31201234500',
  DK: '+4570123450',
  GB: '+442079460123',
}
const countryOf: Record<Language, Country> = { nl: 'NL', da: 'DK', en: 'GB' }

export interface CallPlan {
  readonly people: Population
  readonly seed: number
  readonly now: Instant
  /** Calls in all, those of the cast included. */
  readonly calls: number
  /** Calls with an audio file, counted from the first; the others were not recorded. */
  readonly recordings: number
  /** Folder the files go to; `calls.recording` is a path below it. */
  readonly folder: string
}

interface Call {
  readonly id: number
  readonly direction: 'inbound' | 'outbound' | 'conference'
  readonly customer: string | null
  readonly shown: string
  /** Our line, or the second outsider of a conference. */
  readonly other: string
  readonly otherShown: string
  readonly language: Language
  readonly disputed: boolean
  readonly text: string
  readonly startedAt: Instant
  readonly endedAt: Instant
}

type Insert = (...cells: Cell[]) => void

/** The cast's calls, then the drawn ones over the last six months: about half of them are past their three months. */
export async function fillCalls(sink: Sink, plan: CallPlan): Promise<void> {
  const call = sink.into(
    'calls',
    'id, reference, direction, caller_number, caller_shown, callee_number, callee_shown, agent, language, disputed, recording, transcript, started_at, ended_at',
  )
  const claim = sink.into('claims', 'call_id, reference, about, opened_at, closed_at')
  await sink.load(theCast(call, claim, plan))
  await sink.load(drawn(call, claim, plan))
}

function* theCast(insert: Insert, claim: Insert, plan: CallPlan) {
  for (const known of castCalls) {
    add(insert, plan, asCall(known, plan.now))
    const c = known.claim
    if (c) claim(known.id, c.reference, c.about, plusMs(plan.now, -c.daysAgo * dayMs), null)
    yield
  }
}

function asCall(known: CastCall, now: Instant): Call {
  const line = deskLines[countryOf[known.language]]
  const startedAt = plusMs(now, -known.daysAgo * dayMs)
  return {
    id: known.id,
    direction: known.direction,
    customer: known.who ? cast[known.who].phone : null,
    shown: known.shown ?? '',
    other: (known.andWho && cast[known.andWho].phone) ?? line,
    otherShown: known.andShown ?? line,
    language: known.language,
    disputed: known.claim !== undefined,
    text: known.transcript,
    startedAt,
    endedAt: plusMs(startedAt, known.minutes * 60_000),
  }
}

function* drawn(insert: Insert, claim: Insert, plan: CallPlan) {
  const first = castCalls.length + 1
  const pace = (182 * dayMs) / Math.max(1, plan.calls - first + 1)
  for (let id = first; id <= plan.calls; id++) {
    const random = randomFor(plan.seed, topic, id)
    const startedAt = plusMs(
      plan.now,
      -Math.floor(182 * dayMs - (id - first + random.next()) * pace) - 3_600_000,
    )
    const person = anyCaller(plan.people, random)
    const disputed = random.chance(0.004)
    const call = drawnCall({ id, person, startedAt, disputed, random }, plan.people)
    add(insert, plan, call)
    if (disputed)
      claim(id, `CL-${String(id).padStart(7, '0')}`, `${person.name}: ${call.language}`, call.endedAt, null)
    yield
  }
}

interface Drawn {
  readonly id: number
  readonly person: Person
  readonly startedAt: Instant
  readonly disputed: boolean
  readonly random: Random
}

function drawnCall({ id, person, startedAt, disputed, random }: Drawn, people: Population): Call {
  const line = deskLines[person.country]
  const withheld = random.chance(0.03)
  const second = !withheld && !disputed && random.chance(0.02) ? anyCaller(people, random) : null
  const quoted = random.chance(0.05) ? anyCaller(people, random) : null
  const number = person.phone ?? ''
  return {
    id,
    direction: second ? 'conference' : withheld || random.chance(0.7) ? 'inbound' : 'outbound',
    customer: withheld ? null : number,
    shown: withheld
      ? 'anonymous'
      : random.chance(0.3)
        ? `${person.name} ${number}`
        : spellAnyPhone(number, random),
    other: second?.phone ?? line,
    otherShown: second ? `${second.name} ${second.phone}` : line,
    language: person.language,
    disputed,
    text: transcript(withheld ? null : person, person.language, quoted, random),
    startedAt,
    endedAt: plusMs(startedAt, random.int(20, 1500) * 1000),
  }
}

/** Somebody outside the cast whose number the recorder saw. */
function anyCaller(people: Population, random: Random): Person {
  let index = random.int(castSize, people.size - 1)
  for (let tries = 0; tries < people.size; tries++) {
    const person = people.person(index)
    if (person.inCalls && person.phone) return person
    index = index + 1 < people.size ? index + 1 : castSize
  }
  // Hardly anybody drawn and none with a phone: an unknown line stands in.
  return { ...people.person(castSize), phone: '+31612000016', inCalls: true }
}

function add(insert: Insert, plan: CallPlan, call: Call) {
  const reference = `K${String(call.id).padStart(8, '0')}`
  const recording = call.id <= plan.recordings ? record(plan.folder, call, reference) : null
  const out = call.direction === 'outbound'
  insert(
    call.id,
    reference,
    call.direction,
    out ? call.other : call.customer,
    out ? call.otherShown : call.shown,
    out ? call.customer : call.other,
    out ? call.shown : call.otherShown,
    `ext. ${201 + (call.id % 12)}`,
    call.language,
    call.disputed ? 1 : 0,
    recording,
    call.text,
    call.startedAt,
    call.endedAt,
  )
}

/** As exchanges name them: month, way, number, time; the number only where one outsider was on the line. */
function record(folder: string, call: Call, reference: string): string {
  const day = call.startedAt.slice(0, 10)
  const way = { inbound: 'in', outbound: 'out', conference: 'conf' }[call.direction]
  const number = call.direction === 'conference' ? 'group' : (call.customer?.slice(1) ?? 'anonymous')
  const path = `${day.slice(0, 7)}/${way}-${number}-${day.replaceAll('-', '')}-${reference}.wav`
  const file = join(folder, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, toneWav(call.id, reference))
  return path
}
