import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { LetheError } from '../base/errors.ts'
import type { Instant } from '../base/instant.ts'
import { fillCalls } from './calls.ts'
import { castCalls } from './cast-calls.ts'
import { castTickets } from './cast-tickets.ts'
import { fillMarketing } from './marketing.ts'
import { population } from './people.ts'
import { openSink } from './sink.ts'
import { fillTickets } from './tickets.ts'

export interface SampleOptions {
  /** Folder to make; must not exist, or be empty. */
  readonly dir: string
  /** Persons the stores know between them, the cast included. */
  readonly people?: number
  readonly seed?: number
  /** The stores look as they would at this moment. */
  readonly now: Instant
  /** Tickets in all; overrides `ticketsPerPerson`. */
  readonly tickets?: number
  readonly ticketsPerPerson?: number
  /** Calls in all; one a person unless said. */
  readonly calls?: number
  /** How many calls have an audio file (about 3 kB each); false: none. */
  readonly recordings?: number | false
}

export interface SampleSummary {
  readonly dir: string
  readonly seed: number
  readonly people: number
  readonly recordings: number
  /** Rows by table. */
  readonly tickets: Readonly<Record<string, number>>
  readonly calls: Readonly<Record<string, number>>
  readonly marketing: Readonly<Record<string, number>>
}

/**
 * Makes the sample stores: `tickets.db`, `calls.db` with `recordings/`, `marketing.db`. The same options make the same
 * rows and files; memory does not grow with them. They are made beside `dir` and moved there whole, so a crash leaves
 * `<dir>.making`, which the next run clears, and never half a store. Throws `conflict` when there is something already.
 */
export async function makeStores(options: SampleOptions): Promise<SampleSummary> {
  const dir = resolve(options.dir)
  if (existsSync(dir) && readdirSync(dir).length > 0)
    throw new LetheError('conflict', `the folder for the sample stores is not empty: ${dir}`, {
      hint: 'Name another folder, or remove this one to make the stores afresh.',
    })
  const making = `${dir}.making`
  rmSync(making, { recursive: true, force: true })
  mkdirSync(making, { recursive: true })
  const summary = await fill(making, options)
  if (existsSync(dir)) rmdirSync(dir)
  renameSync(making, dir)
  return { dir, ...summary }
}

async function fill(dir: string, options: SampleOptions): Promise<Omit<SampleSummary, 'dir'>> {
  const { seed = 1, now } = options
  const people = population(seed, options.people ?? 2000)
  const ticketCount = options.tickets ?? Math.round(people.size * (options.ticketsPerPerson ?? 1.5))
  const callCount = Math.max(options.calls ?? people.size, castCalls.length)
  const recordings = options.recordings === false ? 0 : Math.min(options.recordings ?? callCount, callCount)

  const tickets = openSink(join(dir, 'tickets.db'), 'tickets')
  await fillTickets(tickets, { people, seed, now, tickets: Math.max(ticketCount, castTickets.length) })
  const ticketRows = tickets.finish()

  const folder = join(dir, 'recordings')
  mkdirSync(folder)
  const calls = openSink(join(dir, 'calls.db'), 'calls')
  await fillCalls(calls, { people, seed, now, calls: callCount, recordings, folder })
  const callRows = calls.finish()

  const marketing = openSink(join(dir, 'marketing.db'), 'marketing')
  await fillMarketing(marketing, { people, seed, now })
  return {
    seed,
    people: people.size,
    recordings,
    tickets: ticketRows,
    calls: callRows,
    marketing: marketing.finish(),
  }
}
