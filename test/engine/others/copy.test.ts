import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deskLines } from '../../../src/demo/calls.ts'
import { cast } from '../../../src/demo/cast.ts'
import { chooseOthers } from '../../../src/engine/others/choices.ts'
import { withheldOf } from '../../../src/engine/others/log.ts'
import { othersOf } from '../../../src/engine/others/look.ts'
import { listEntries } from '../../../src/ledger/list.ts'
import { fixedClock } from '../../support/clock.ts'
import { type TestDatabase, testDatabase } from '../../support/database.ts'
import { type Desk, sampleDesk } from '../../support/desk.ts'
import { orders } from '../../support/orders.ts'

const clock = fixedClock()
let at: TestDatabase
let desk: Desk
beforeEach(async () => {
  at = await testDatabase(clock)
  const made = await sampleDesk()
  desk = { ...made, deps: { ...made.deps, policyOf: () => ({ country: 'NL', ours }) } }
})
afterEach(async () => {
  await desk.close()
  await at.close()
})

/** As stores.yaml names them: the desk's own lines. */
const ours = new Set<string>(Object.values(deskLines))
const alice = [{ kind: 'email', value: 'alice.jansen@post.example' }]
const texts = (got: Awaited<ReturnType<ReturnType<typeof orders>['got']>>, collection: string): string =>
  got
    .filter((one) => one.collection === collection)
    .flatMap(({ row }) => Object.values(row.values))
    .join('\n')

describe('Alice, who shares a thread with Bob', () => {
  it('gets what she wrote as she wrote it, and what others wrote without him', async () => {
    const work = orders(at, clock, desk.deps)
    const got = await work.got(await work.run(await work.planned('access', alice)))
    const messages = got.filter(({ collection }) => collection === 'messages')
    const bodies = messages.map(({ row }) => row.values['body'] ?? '')
    // Hers, in Bob's ticket and in her own.
    expect(bodies).toContain('Bob en ik willen elkaars agenda zien.\n\nAlice Jansen')
    // The agent's: Bob is known as the author of a message in the thread.
    expect(bodies).toContain('Beste Alice Jansen, beste [withheld],\n\nde agenda is gedeeld.\n\nRik Terpstra')
    // Bob's own: his name, number; hers stay.
    expect(bodies).toContain(
      '> Alice Jansen <alice.jansen@post.example> schreef:\n> Bob en ik willen elkaars agenda zien.\nKlopt, graag allebei kunnen wijzigen.\n\n[withheld]\n[withheld]',
    )
    expect(bodies.join('\n')).not.toContain('Bob de Vries')
    const bobs = messages.find(({ row }) => row.values['body']?.includes('Klopt'))
    expect(bobs?.row.redacted).toContain('body')
  })

  it('of a ticket of hers an agent filled in, the officer is asked, and says what goes', async () => {
    const work = orders(at, clock, desk.deps)
    const plan = await work.planned('access', alice)
    expect(plan.findings.filter(({ kind }) => kind === 'others')).toMatchObject([
      { store: 'calls', collection: 'calls.transcript', rows: 1 },
      { store: 'tickets', collection: 'tickets.resolution', rows: 1 },
      { store: 'tickets', collection: 'customers.notes', rows: 1 },
    ])
    expect(JSON.stringify(plan)).not.toMatch(/Vries/)
    const passages = await othersOf(desk.deps, at.db, { orderId: plan.orderId })
    const resolution = passages.find(({ field }) => field === 'resolution')
    expect(resolution).toMatchObject({
      kind: 'name',
      value: cast.bob.name,
      rule: 'open',
      around: { text: 'Agenda gedeeld, getest met Alice Jansen en Bob de Vries.', start: 43, end: 55 },
    })
    const bobs = passages.find(({ around, rule }) => around.text.includes('Klopt') && rule === 'hidden')
    await work.act((ctx) =>
      chooseOthers(ctx, {
        orderId: plan.orderId,
        choices: [
          { collectionId: 'tickets.tickets', passage: resolution?.passage, choice: 'hide' },
          { collectionId: 'tickets.messages', choice: 'leave' },
          { collectionId: 'tickets.messages', passage: bobs?.passage, choice: 'hide' },
        ],
      }),
    )
    const done = await work.run(plan)
    const got = await work.got(done)
    expect(texts(got, 'tickets')).toContain('Agenda gedeeld, getest met Alice Jansen en [withheld].')
    expect(texts(got, 'messages')).toContain('Beste Alice Jansen, beste Bob de Vries')
    expect(texts(got, 'customers')).toContain('collega van Bob de Vries')
    const log = await at.db.read((reader) => withheldOf(reader, plan.orderId))
    expect(log).toContainEqual({
      store: 'tickets',
      collectionId: 'tickets.tickets',
      row: expect.stringMatching(/^[\w-]{20,}$/),
      field: 'resolution',
      kind: 'name',
      by: 'officer',
      count: 1,
    })
    expect(done.withheld.find(({ field }) => field === 'resolution')).toMatchObject({
      by: 'officer',
      count: 1,
    })
    const ledger = await at.db.read((reader) => listEntries(reader))
    const told = JSON.stringify(ledger)
    expect(told).toContain('engine.others')
    expect(told).toMatch(/"withheld":\{"counts":\{"name":1\},"digest":/)
    expect(told).not.toMatch(/Vries|bob\.|12345679/)
  })
})
