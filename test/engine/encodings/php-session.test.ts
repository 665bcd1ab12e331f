import { expect, test } from 'vitest'
import { rewriteWithin, unpack } from '../../../src/engine/encodings/rewrite.ts'

const session =
  'cfg:core|a:1:{s:2:"tz";s:16:"Europe/Amsterdam";}!gone|_auth|a:1:{s:4:"user";a:2:{s:2:"id";i:12;s:3:"key";s:15:"client:ann@x.nl";}}n|i:4;'

test('a session of PHP is its values one behind the other, and its lengths are put right', () => {
  expect(unpack(['php'], session)).toEqual([
    'tz',
    'Europe/Amsterdam',
    'user',
    'id',
    '12',
    'key',
    'client:ann@x.nl',
    '4',
  ])
  const paths: unknown[] = []
  const now = rewriteWithin(['php'], session, (text, { path }) => {
    if (!text.includes('ann@')) return []
    paths.push([...path])
    return text.replace('ann@x.nl', '[erased]é')
  })
  expect(now).toBe(session.replace('s:15:"client:ann@x.nl"', 's:17:"client:[erased]é"'))
  expect(paths).toEqual([['_auth', 'user', 'key']])
})

test('a text with a bar in it is no session, and a broken session is not changed', () => {
  expect(unpack(['php'], 's:3:"a|b";')).toEqual(['a|b'])
  for (const broken of ['a|s:3:"ann";b', 'a|s:9:"ann";', 'a|b|i:1;'])
    expect(() => rewriteWithin(['php'], broken, (text) => `${text}!`)).toThrow(/php/)
})
