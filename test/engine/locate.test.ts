import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cast } from '../../src/demo/cast.ts'
import { findMentions } from '../../src/engine/locate/mentions.ts'
import { locatePerson } from '../../src/engine/locate/person.ts'
import type { Identity } from '../../src/base/identity.ts'
import { type Desk, sampleDesk } from '../support/desk.ts'
import { rowsOf } from '../support/oracle.ts'

let desk: Desk
beforeEach(async () => {
  desk = await sampleDesk()
})
afterEach(() => desk.close())

/** `tickets.messages/12 owned`, as the engine finds it. */
async function found(identities: readonly Identity[]): Promise<string[]> {
  const located = await locatePerson(desk.deps, identities)
  const mentions = await findMentions(desk.deps, located)
  const lines = new Map<string, string>()
  for (const rows of [located.rows, mentions.rows])
    for (const [id, list] of rows) {
      const collection = desk.deps.map.collections.get(id)
      for (const row of list.values())
        lines.set(`${collection?.store}.${collection?.table}/${row.key.join('/')}`, row.reach)
    }
  return [...lines].map(([row, reach]) => `${row} ${reach}`).sort()
}

/** The same by the oracle, which knows neither map nor engine. */
const truth = (person: (typeof cast)[keyof typeof cast]): string[] =>
  rowsOf(desk.dir, person)
    .filter((row) => row.part !== 'named')
    .map((row) => `${row.store}.${row.table}/${row.key} ${row.part}`)
    .sort()

describe('locating a person', () => {
  it('finds everything of hers over three stores, and how it is hers', async () => {
    expect(await found([{ kind: 'email', value: cast.alice.emails[0] as string }])).toEqual(truth(cast.alice))
  })

  it('finds her by any letter case and any spelling of her number', async () => {
    const byMail = await found([{ kind: 'email', value: 'ALICE.Jansen@Post.Example' }])
    expect(byMail).toEqual(truth(cast.alice))
  })

  it('finds nothing of anybody for a stranger', async () => {
    expect(await found([{ kind: 'email', value: 'nobody@post.example' }])).toEqual([])
  })
})

describe('every member of the cast', () => {
  const clear = Object.entries(cast).filter(
    ([, person]) =>
      person.emails.length > 0 && person.sharesEmailWith.length === 0 && person.sharesPhoneWith.length === 0,
  )
  it.each(clear)('%s: the same rows as the oracle', async (_, person) => {
    const identities = person.emails.map((value) => ({ kind: 'email', value }))
    expect(await found(identities)).toEqual(truth(person))
  })
})

describe('a line or mailbox of several people', () => {
  it('makes nothing hers by itself: calls on a switchboard wait for a decision', async () => {
    const lines = await found([{ kind: 'email', value: cast.willem.emails[0] as string }])
    expect(lines).toContain('calls.calls/8 possible')
    expect(lines).toContain('tickets.customers/12 owned')
    expect(lines.filter((line) => line.includes('customers/13'))).toEqual([])
    expect(lines.filter((line) => line.startsWith('calls.') && !line.endsWith('possible'))).toEqual([])
  })

  const sharers = Object.values(cast).filter(
    (person) => person.sharesEmailWith.length > 0 && person.customerNumber !== null,
  )
  it('by the address alone is nobody, with her customer number it is her and not the other', async () => {
    const [karin, henk] = sharers
    if (!karin || !henk) throw new Error('the cast has two who share a mailbox')
    const mailbox = { kind: 'email', value: karin.emails[0] as string }
    const byAddress = await found([mailbox])
    expect(byAddress.filter((line) => line.endsWith('owned'))).toEqual([])
    expect(byAddress).toContain(`tickets.customers/${karin.customerId} possible`)
    const byNumber = await found([
      mailbox,
      { kind: 'customer_number', value: karin.customerNumber as string },
    ])
    expect(byNumber).toContain(`tickets.customers/${karin.customerId} owned`)
    expect(byNumber).toContain(`tickets.customers/${henk.customerId} possible`)
    for (const ticket of henk.tickets) expect(byNumber).not.toContain(`tickets.tickets/${ticket} owned`)
  })
})
