import { describe, expect, it } from 'vitest'
import type { CollectionMap } from '../../../src/datamap/model.ts'
import { type FinishedText, leaksIn } from '../../../src/engine/others/check.ts'
import type { CollectedRow, MetOther } from '../../../src/engine/run/collect.ts'
import type { CollectedCollection } from '../../../src/engine/spool/read.ts'

const bob: Omit<MetOther, 'field' | 'isHidden'> = { kind: 'email', value: 'bob@x.example', by: 'rule' }
const zoe: Omit<MetOther, 'field' | 'isHidden'> = { kind: 'name', value: 'Zoë O’Hara', by: 'officer' }

const field = (name: string, freeText: boolean) => ({ name, freeText, categories: [], secret: false })
const collection = {
  id: 'desk.notes',
  store: 'desk',
  name: 'notes',
  fields: [field('body', true), field('owner', false)],
} as unknown as CollectionMap
const copied = (...rows: Pick<CollectedRow, 'values' | 'others'>[]): CollectedCollection => ({
  collection,
  count: rows.length,
  async *rows() {
    for (const row of rows) yield { key: ['1'], link: 'shared', redacted: [], ...row }
  },
  media: () => {
    throw new Error('there is none')
  },
})
async function* files(...texts: string[]): AsyncGenerator<FinishedText> {
  for (const [i, text] of texts.entries())
    yield {
      path: `data/${i}.json`,
      pieces: (async function* () {
        for (let at = 0; at < text.length; at += 1000) yield text.slice(at, at + 1000)
      })(),
    }
}
const hidden = (one: Omit<MetOther, 'field' | 'isHidden'>): MetOther => ({
  ...one,
  field: 'body',
  isHidden: true,
})

describe('a finished copy', () => {
  it('is well where nobody stands in it who is withheld', async () => {
    const parts = [copied({ values: { body: '[withheld] wrote' }, others: [hidden(bob), hidden(zoe)] })]
    expect(await leaksIn(parts, files('{"body":"[withheld] wrote"}'))).toEqual([])
  })
  it('is not where she does, in whatever file, over the border of two pieces and in another spelling', async () => {
    const parts = [copied({ values: { body: '[withheld]' }, others: [hidden(bob), hidden(zoe)] })]
    const long = 'x '.repeat(200_000)
    const leaks = await leaksIn(
      parts,
      files(`${long}BOB%40X.example`, `${long.slice(0, -9)} O\\u2019Hara, Zo\\u00eb ${long}`),
    )
    expect(leaks).toEqual([
      { where: 'data/0.json', kind: 'email', count: 1 },
      { where: 'data/1.json', kind: 'name', count: 1 },
    ])
    expect(JSON.stringify(leaks)).not.toMatch(/bob|Hara/i)
  })
  it('is not where a field still holds whom it withholds, though she may stand elsewhere', async () => {
    const parts = [
      copied(
        { values: { body: 'ask Bob@X.example' }, others: [hidden(bob)] },
        { values: { body: 'bob@x.example' }, others: [{ ...hidden(bob), isHidden: false }] },
      ),
    ]
    expect(await leaksIn(parts, files('bob@x.example'))).toEqual([
      { where: 'desk.notes.body', kind: 'email', count: 1 },
    ])
  })
  it('may say her where a field that is no text does, or where we name ourselves', async () => {
    const parts = [
      copied({ values: { body: '[withheld]', owner: 'bob@x.example' }, others: [hidden(bob), hidden(zoe)] }),
    ]
    expect(await leaksIn(parts, files('bob@x.example'))).toEqual([])
    expect(await leaksIn(parts, files('Zoë O’Hara'), '{"contact":["Zoë O’Hara"]}')).toEqual([])
    expect(await leaksIn(parts, files('Zoë O’Hara'))).toHaveLength(1)
  })
})
