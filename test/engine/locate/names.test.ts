import { expect, test } from 'vitest'
import type { CollectionMap, FieldMap } from '../../../src/datamap/model.ts'
import { namesIn } from '../../../src/engine/locate/columns.ts'
import { type Place, placeOf, valuesIn } from '../../../src/engine/locate/values.ts'

const people = (...categories: string[]): CollectionMap =>
  ({
    fields: categories.map((category, i) => ({ name: `n${i}`, categories: [category] })),
  }) as unknown as CollectionMap

test('a first name and a surname in two fields are one name, and neither alone is hers', () => {
  const parted = people('user.name.first', 'user.name.last')
  expect(namesIn(parted, { n0: 'Ann ', n1: 'Lee' })).toEqual(['Ann Lee'])
  expect(namesIn(parted, { n0: 'Ann', n1: '' })).toEqual(['Ann'])
  expect(
    namesIn(people('user.name.first', 'user.name.last', 'user.name'), { n0: 'Ann', n1: 'Lee', n2: 'Annie' }),
  ).toEqual(['Ann Lee', 'Annie'])
  expect(namesIn(people('user.name', 'user.contact'), { n0: 'Ann Lee', n1: 'x' })).toEqual(['Ann Lee'])
})

const inField = (more: Partial<FieldMap>): Place =>
  placeOf({ fields: [{ name: 'to', ...more }] } as unknown as CollectionMap, 'to')
const list = inField({ list: true })
const found = (text: string) => valuesIn(list, text, 'email', {})

test('a list holds each of its addresses, and a certificate the one it was made out to', () => {
  expect(found('"Lee, Ann" <Ann.Lee@x.nl>, bob@y.nl;c@z.nl')).toEqual(['ann.lee@x.nl', 'bob@y.nl', 'c@z.nl'])
  expect(found('/C=NL/CN=Ann Lee/emailAddress=ann@x.nl')).toEqual(['ann@x.nl'])
  expect(found('emailAddress=ann@x.nl,CN=Ann Lee')).toEqual(['ann@x.nl'])
  expect(found('/emailAddress=ann@x.nl/CN=Ann')).toEqual(['ann@x.nl'])
  expect(found('a/b@x.nl')).toEqual(['a/b@x.nl'])
})

test('a list inside a packed value is read unpacked, and a value that is not packed as said holds none', () => {
  const packed = inField({ list: true, encoding: ['base64'] })
  const marshal = `\x04\b{I"\fname\x06:\x06ETI"\x1aann.lee@post.example\x06;\0TI"\tnext\x06;\0T`
  const values = (text: string) => valuesIn(packed, text, 'email', {})
  expect(values(Buffer.from(marshal, 'latin1').toString('base64'))).toEqual(['ann.lee@post.example'])
  expect(values('ann.lee@post.example')).toEqual([])
})
