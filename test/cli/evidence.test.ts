import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { asc, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isIncluded } from '../../src/evidence/page/check.mjs'
import { tables } from '../../src/ledger/tables.ts'
import type { Tx } from '../../src/ops/db/database.ts'
import { openDatabase } from '../../src/ops/db/open.ts'
import { freshFolder } from '../support/ask.ts'
import { testKeys } from '../support/database.ts'
import { type CliDesk, type CliError, cliDesk, say } from './support.ts'

let desk: CliDesk
let reference: string
beforeAll(async () => {
  desk = await cliDesk()
  await desk.run(['user', 'add', 'ann', '--role', 'officer'])
  await desk.run(['user', 'add', 'root', '--role', 'admin'])
  const identity = ['--identity', 'email=alice.jansen@post.example', '--verified', 'at the desk']
  const added = await desk.run(['request', 'add', '--right', 'access', ...identity, '--by', 'ann', '--json'])
  reference = added.json<{ reference: string }>().reference
  await desk.run(['work', '--until-idle'])
  await desk.run(['request', 'decide', reference, '--grant', '--by', 'ann'])
  await desk.run(['work', '--until-idle'])
})
afterAll(() => desk.close())

const verify = (...more: string[]) => desk.run(['ledger', 'verify', '--json', ...more])
/** Nothing of the service is here. */
const outside = { cwd: import.meta.dirname, env: {} }
async function tamper(work: (tx: Tx, t: ReturnType<typeof tables>) => Promise<unknown>): Promise<void> {
  const db = openDatabase(desk.env['LETHE_DATABASE_URL'] as string, testKeys)
  await db.transact((tx) => work(tx, tables(tx)))
  await db.close()
}

describe('lethe request evidence and lethe evidence', () => {
  it('write a bundle that verifies without data folder, policies or key', async () => {
    const folder = freshFolder()
    const key = (await desk.run(['ledger', 'key', '--json'])).json<{ keys: { fingerprint: string }[] }>()
    const fingerprint = key.keys.at(-1)?.fingerprint ?? ''
    for (const name of ['bundle.zip', 'evidence.json', 'page.html']) {
      const out = join(folder, name)
      const made = await desk.run(['request', 'evidence', reference, '--out', out, '--json'])
      expect(made.json()).toMatchObject({ reference, file: out })
      const said = await say(['evidence', out, '--key', fingerprint, '--json'], outside)
      expect([name, said.status]).toEqual([name, 0])
      const checked = said.json<{
        ok: boolean
        trust: string
        limits: string[]
        facts: { entries: unknown[] }
      }>()
      expect(checked).toMatchObject({ ok: true, trust: 'proved' })
      expect(checked.limits.length).toBeGreaterThan(5)
      expect(checked.facts.entries.length).toBeGreaterThan(6)
    }
    const words = await say(['evidence', join(folder, 'bundle.zip')], outside)
    expect(words.out).toMatch(/What this cannot prove[\s\S]*second ledger/)
  })

  it('say no with exit status 1 to a forged one and to another key, 2 to what is no evidence', async () => {
    const folder = freshFolder()
    const out = join(folder, 'receipt.json')
    await desk.run(['request', 'evidence', reference, '--receipt', '--out', out])
    expect((await say(['evidence', out, '--key', 'a'.repeat(64)], outside)).status).toBe(1)
    writeFileSync(
      join(folder, 'forged.json'),
      readFileSync(out, 'utf8').replace('\\"access\\"', '\\"erasure\\"'),
    )
    const forged = await say(['evidence', join(folder, 'forged.json'), '--json'], outside)
    expect([forged.status, forged.json<{ ok: boolean }>().ok]).toEqual([1, false])
    writeFileSync(join(folder, 'none.json'), 'hello')
    for (const name of ['none.json', 'missing.json']) {
      const said = await say(['evidence', join(folder, name), '--json'], outside)
      expect([said.status, said.json<CliError>().error.code]).toEqual([2, 'invalid'])
    }
  })
})

describe('lethe evidence with a hostile file', () => {
  it('says no to evidence of another form, whatever stands in it', async () => {
    const file = join(freshFolder(), 'odd.json')
    for (const odd of ['{"checkpoints":5}', '{"checkpoints":[null]}', '[]', 'null']) {
      writeFileSync(file, odd)
      const said = await say(['evidence', file, '--json'], outside)
      expect([odd, said.status, said.json<{ ok: boolean }>().ok]).toEqual([odd, 1, false])
    }
  })

  it('lets it write no line of its own and move no cursor', async () => {
    const file = join(freshFolder(), 'evidence.json')
    await desk.run(['request', 'evidence', reference, '--out', file])
    const evidence = JSON.parse(readFileSync(file, 'utf8')) as { issuer: { name: string } }
    evidence.issuer.name = 'Us\n  ok  all is well\u001b[2J\u009b1A\u202e'
    writeFileSync(file, JSON.stringify(evidence))
    const said = await say(['evidence', file], outside)
    expect(said.status).toBe(1)
    expect(said.out).toContain('from Us\uFFFD  ok  all is well\uFFFD[2J')
    expect(said.out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })
})

describe('lethe ledger', () => {
  it('says where it cannot write its export', async () => {
    const out = join(freshFolder(), 'nowhere', 'ledger.jsonl')
    const said = await desk.run(['ledger', 'export', '--out', out, '--json'])
    expect([said.status, said.json<CliError>().error.code]).toEqual([2, 'invalid'])
  })

  it('exports every entry with a proof that leads to the signed root', async () => {
    const lines = (await desk.run(['ledger', 'export'])).out.trim().split('\n')
    const last = (await desk.run(['ledger', 'checkpoints'])).out.trim().split('\n').at(-1) ?? ''
    const signed = JSON.parse((JSON.parse(last) as { text: string }).text) as { size: number; root: string }
    expect(lines).toHaveLength(signed.size)
    for (const line of lines) {
      const { seq, leaf, proof } = JSON.parse(line) as {
        seq: number
        leaf: string
        proof: { size: number; root: string; path: string[] }
      }
      expect(proof).toMatchObject(signed.size === proof.size ? { root: signed.root } : { size: signed.size })
      expect([seq, await isIncluded(leaf, seq - 1, proof.size, proof.path, proof.root)]).toEqual([seq, true])
    }
  })

  it('goes on under a new key, which only an admin makes', async () => {
    const refused = await desk.run(['ledger', 'rotate-key', '--by', 'ann', '--json'])
    expect([refused.status, refused.json<CliError>().error.code]).toEqual([3, 'forbidden'])
    const made = await desk.run(['ledger', 'rotate-key', '--by', 'root', '--json'])
    expect(made.json<{ fingerprint: string }>().fingerprint).toMatch(/^[0-9a-f]{64}$/)
    expect((await verify()).json()).toMatchObject({ ok: true })
  })

  it('forgets a request that is over and none that is open; the ledger verifies, and proofs go on', async () => {
    const early = await desk.run(['request', 'forget', reference, '--by', 'root', '--json'])
    expect([early.status, early.json<CliError>().error.code]).toEqual([3, 'conflict'])
    const receipt = join(freshFolder(), 'receipt.html')
    await desk.run(['request', 'evidence', reference, '--receipt', '--out', receipt])
    await desk.run(['request', 'close', reference, '--by', 'ann'])
    const done = await desk.run(['request', 'forget', reference, '--by', 'root', '--json'])
    const { entries } = done.json<{ entries: number }>()
    expect(entries).toBeGreaterThan(6)
    expect((await verify()).json()).toMatchObject({ ok: true, forgotten: entries })
    const lines = (await desk.run(['ledger', 'export'])).out
    expect(lines).not.toContain(reference)
    expect(lines.match(/"forgotten":true/g)).toHaveLength(entries)
    expect((await say(['evidence', receipt], outside)).status).toBe(0)
    const gone = await desk.run(['request', 'evidence', reference, '--out', `${receipt}.zip`, '--json'])
    expect([gone.status, gone.json<CliError>().error.code]).toEqual([2, 'not_found'])
  })

  it('compares what was kept outside, and says with exit status 1 where the ledger breaks', async () => {
    const kept = join(freshFolder(), 'kept.jsonl')
    const env = { LETHE_ANCHOR: `file:${kept}` }
    await desk.run(['ledger', 'checkpoint'], { env })
    await desk.run(['work', '--until-idle'], { env })
    const lines = readFileSync(kept, 'utf8').trim().split('\n')
    expect((await desk.run(['ledger', 'verify', '--json'], { env })).json()).toMatchObject({
      ok: true,
      anchors: lines.length,
    })
    expect((await verify('--anchor', kept)).json()).toMatchObject({ ok: true, anchors: lines.length })
    await tamper((tx, t) =>
      tx.q.update(t.ledgerEntry).set({ actorId: 'mallory' }).where(eq(t.ledgerEntry.seq, 2)),
    )
    const found = await verify()
    expect([found.status, found.json<{ faults: object[] }>().faults]).toEqual([
      1,
      [expect.objectContaining({ seq: 2, fault: 'changed' })],
    ])
    await tamper(async (tx, t) => {
      const [first] = await tx.q.select().from(t.ledgerEntry).orderBy(asc(t.ledgerEntry.seq))
      await tx.q
        .update(t.ledgerEntry)
        .set({ leaf: first?.leaf ?? '' })
        .where(eq(t.ledgerEntry.seq, 2))
    })
    const faults = (await verify('--anchor', kept)).json<{ faults: { fault: string }[] }>().faults
    expect(new Set(faults.map((one) => one.fault))).toEqual(new Set(['changed', 'root', 'anchor']))
    expect((await verify('--anchor', join(desk.home, 'nowhere'))).status).toBe(2)
  })
})
