import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CheckName, Evidence } from '../../src/evidence/model.ts'
import { canonical, checkEvidence } from '../../src/evidence/page/check.mjs'
import { canonicalJson, type Json } from '../../src/base/json.ts'
import { forgetSubject } from '../../src/ledger/forget.ts'
import { rotateKey, signerOf } from '../../src/ledger/signing.ts'
import { verifyLedger } from '../../src/ledger/verify.ts'
import { actor, type EvidenceDesk, evidenceDesk, subject } from './support.ts'

let desk: EvidenceDesk
beforeEach(async () => {
  desk = await evidenceDesk()
})
afterEach(() => desk.at.close())

const copy = (evidence: Evidence): Mutable => JSON.parse(JSON.stringify(evidence)) as Mutable
type Mutable = { -readonly [K in keyof Evidence]: Evidence[K] }
const broken = async (evidence: unknown): Promise<CheckName[]> =>
  (await checkEvidence(evidence)).checks.filter((one) => !one.ok).map((one) => one.name)
/** As somebody with the signing key would make it. */
const resealed = (evidence: Mutable): Promise<Evidence> =>
  desk.at.db.transact(async (tx) => {
    const { seal: _, ...rest } = evidence
    const { sign } = await signerOf({ actor, tx })
    return { ...rest, seal: sign(canonicalJson(rest as unknown as Json)) }
  })

describe('evidence of a request', () => {
  it('holds, and shows all of its entries and no other', async () => {
    const evidence = await desk.gather()
    const checked = await checkEvidence(evidence, { trusted: [await desk.fingerprint()] })
    expect(checked).toMatchObject({ ok: true, trust: 'proved' })
    expect(checked.facts?.entries.map((one) => one.type)).toEqual([
      'request.received',
      'engine.ordered',
      'engine.planned',
      'request.decided',
      'engine.done',
      'request.answered',
      'request.closed',
    ])
    expect(evidence.checkpoints).toHaveLength(3)
    expect(JSON.stringify(evidence)).not.toMatch(/rule:calls|officer:ada|retention\.batch/)
    expect(checked.facts?.entries[0]?.coveredAt).toBe('2026-03-05T09:01:02.000Z')
  })

  it('says that nobody knows whose it is as long as no key is named, and no to a key that is another', async () => {
    const evidence = await desk.gather()
    expect(await checkEvidence(evidence)).toMatchObject({ ok: true, trust: 'unasked' })
    expect(await checkEvidence(evidence, { trusted: ['0'.repeat(64)] })).toMatchObject({
      ok: false,
      trust: 'unproved',
    })
  })

  it('is a receipt with the outcome alone, which shows nothing else', async () => {
    const receipt = await desk.gather('receipt')
    expect(await checkEvidence(receipt)).toMatchObject({ ok: true })
    expect(receipt.entries).toHaveLength(1)
    expect(JSON.stringify(receipt)).toContain('request.answered')
    expect(JSON.stringify(receipt)).not.toMatch(/engine\.|request\.closed/)
  })

  it('has no receipt before there is an outcome, and nothing of a request that is not known', async () => {
    await desk.write('request:R-BBBB-BBBB', 'request.received')
    await expect(desk.gather('receipt', 'request:R-BBBB-BBBB')).rejects.toMatchObject({ code: 'conflict' })
    await expect(desk.gather('request', 'request:R-CCCC-CCCC')).rejects.toMatchObject({ code: 'not_found' })
  })

  it('made earlier holds after the key was changed, and made later under both keys', async () => {
    const before = await desk.gather()
    const old = await desk.fingerprint()
    await desk.at.db.transact((tx) => rotateKey({ actor, tx }))
    const after = await desk.gather()
    const now = await desk.fingerprint()
    expect(now).not.toBe(old)
    expect(after.keys).toHaveLength(2)
    for (const trusted of [[old], [now]])
      expect(await checkEvidence(after, { trusted })).toMatchObject({ ok: true, trust: 'proved' })
    expect(await checkEvidence(before, { trusted: [old] })).toMatchObject({ ok: true, trust: 'proved' })
    expect(await checkEvidence(before, { trusted: [now] })).toMatchObject({ ok: false })
  })

  it('made earlier agrees with checkpoints kept since, by the key after it too, and with none of another ledger', async () => {
    const before = await desk.gather()
    await desk.at.db.transact((tx) => rotateKey({ actor, tx }))
    const later = await desk.sign()
    const known = [...before.checkpoints, later]
    expect(await checkEvidence(before, { known })).toMatchObject({ ok: true, facts: { known: { newer: 1 } } })
    expect(await checkEvidence(before, { known: [later] })).toMatchObject({ ok: false })
  })

  it('made while the clock is behind what was signed last holds', async () => {
    await desk.gather()
    desk.clock.advance(-7_200_000)
    await desk.write(subject, 'evidence.asked')
    expect(await broken(await desk.gather())).toEqual([])
    expect(await broken(await desk.gather('receipt'))).toEqual([])
  })

  it('handed out before the request was forgotten still opens; the ledger can make none any more', async () => {
    const evidence = await desk.gather()
    await desk.at.db.transact((tx) => forgetSubject({ actor, tx }, { subject }))
    expect(await checkEvidence(evidence, { trusted: [await desk.fingerprint()] })).toMatchObject({ ok: true })
    await expect(desk.gather()).rejects.toMatchObject({ code: 'not_found' })
    const verified = await desk.at.db.read((reader) => verifyLedger(reader, { known: evidence.checkpoints }))
    expect(verified).toMatchObject({ forgotten: 7, faults: [] })
  })
})

describe('a forged bundle', () => {
  it('does not hold, whichever field was touched, dropped or added', async () => {
    await desk.at.db.transact((tx) => rotateKey({ actor, tx }))
    const evidence = await desk.gather()
    const held: string[] = []
    for (const forged of forgeries(evidence))
      if ((await checkEvidence(forged.value)).ok) held.push(forged.place)
    expect(held).toEqual([])
  })

  it('does not hold with an entry left out, at the end too, or two in another order', async () => {
    const evidence = await desk.gather()
    for (let i = 0; i < evidence.entries.length; i++)
      expect(await broken({ ...evidence, entries: evidence.entries.toSpliced(i, 1) })).toContain('seal')
    expect(await broken({ ...evidence, entries: evidence.entries.toReversed() })).toEqual(['chain', 'seal'])
  })

  it('does not hold with an entry left out in the middle even by the holder of the key', async () => {
    const evidence = await desk.gather()
    const without = copy(evidence)
    without.entries = evidence.entries.toSpliced(2, 1)
    expect(await broken(await resealed(without))).toEqual(['chain'])
    const changed = copy(evidence)
    changed.entries = evidence.entries.with(0, {
      ...(evidence.entries[0] as Evidence['entries'][number]),
      content: evidence.entries[0]?.content.replace('"rows":3', '"rows":0') ?? '',
    })
    expect(await broken(await resealed(changed))).toEqual(['inclusion'])
  })

  it('does not hold with an old checkpoint in the place of the newest, nor signed with a key of its own', async () => {
    const evidence = await desk.gather()
    const old = copy(evidence)
    old.checkpoints = evidence.checkpoints.slice(0, 2)
    old.consistency = evidence.consistency.slice(0, 1)
    expect(await broken(old)).toEqual(['inclusion', 'seal'])
    const other = await evidenceDesk()
    const forged = await other.gather()
    const fingerprint = await desk.fingerprint()
    await other.at.close()
    expect(await checkEvidence(forged)).toMatchObject({ ok: true, trust: 'unasked' })
    expect(await checkEvidence(forged, { trusted: [fingerprint] })).toMatchObject({ ok: false })
    const grafted = copy(forged)
    grafted.keys = [...evidence.keys, ...forged.keys]
    expect(await broken(grafted)).toEqual(['keys'])
  })

  it('shows a second history beside a checkpoint that was kept, and an evidence older than one', async () => {
    const early = await desk.gather('receipt')
    await desk.write(subject, 'evidence.asked')
    const late = await desk.gather()
    const known = late.checkpoints
    expect(await checkEvidence(late, { known: early.checkpoints })).toMatchObject({
      ok: true,
      facts: { known: { newer: 0 } },
    })
    expect(await checkEvidence(early, { known })).toMatchObject({ ok: true, facts: { known: { newer: 1 } } })
    // The same key, another history of the same length.
    const twin = copy(late)
    const text = JSON.parse(late.checkpoints.at(-1)?.text ?? '') as Record<string, string>
    const other = await desk.at.db.transact(async (tx) => {
      const { sign } = await signerOf({ actor, tx })
      const forged = canonical({ ...text, root: '0'.repeat(64) })
      return { text: forged, signature: sign(forged) }
    })
    const { checks } = await checkEvidence(twin, { known: [other] })
    expect(checks).toContainEqual({ name: 'known', ok: false, where: String(text['size']) })
  })

  it('is anything that is no evidence at all', async () => {
    for (const value of [null, 1, 'x', [], {}, { kind: 'lethe-evidence-1' }])
      expect(await checkEvidence(value)).toMatchObject({ ok: false, facts: undefined })
  })
})

interface Forgery {
  readonly place: string
  readonly value: unknown
}

/** Every value in it changed, every member dropped, every object with one more, every list with one less or one twice. */
function* forgeries(whole: unknown): Generator<Forgery> {
  for (const { place, value } of inside(whole, '$')) yield { place, value }
}

function* inside(value: unknown, place: string): Generator<Forgery> {
  if (Array.isArray(value)) {
    const list: unknown[] = value
    if (list.length > 0) yield { place: `${place} twice`, value: [...list, list[0]] }
    for (let i = 0; i < list.length; i++) {
      yield { place: `${place}[${i}] dropped`, value: list.toSpliced(i, 1) }
      for (const one of inside(list[i], `${place}[${i}]`)) yield { ...one, value: list.with(i, one.value) }
    }
  } else if (typeof value === 'object' && value !== null) {
    yield { place: `${place} more`, value: { ...value, more: 1 } }
    for (const [name, inner] of Object.entries(value)) {
      const { [name]: _, ...rest } = value as Record<string, unknown>
      yield { place: `${place}.${name} dropped`, value: rest }
      for (const one of inside(inner, `${place}.${name}`))
        yield { ...one, value: { ...value, [name]: one.value } }
    }
  } else if (typeof value === 'string') {
    for (const at of [0, Math.floor(value.length / 2), value.length - 1])
      yield {
        place: `${place} character ${at}`,
        value: value.slice(0, at) + next(value[at]) + value.slice(at + 1),
      }
    yield { place: `${place} upper case`, value: `${value.toUpperCase()} ` }
  } else yield { place, value: value === null ? 'a'.repeat(128) : Number(value) + 1 }
}

const next = (character = ''): string => (character === 'a' ? 'b' : 'a')
