import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { shown } from '../../../src/engine/encodings/show.ts'
import { Unreadable } from '../../../src/engine/encodings/unreadable.ts'
import { serialize } from '../../support/php.ts'

describe('a packed value as a person reads it', () => {
  it('is JSON where PHP serialised it: lists as lists, private names by themselves, every digit', () => {
    const value = serialize({
      of: 'User',
      entries: [
        ['\0User\0mail', 'Zoë "x"'],
        ['\0*\0n', { int: '12345678901234567890' }],
        [
          'list',
          {
            entries: [
              [{ int: '0' }, true],
              [{ int: '1' }, null],
            ],
          },
        ],
        ['map', { entries: [[{ int: '7' }, { float: 'INF' }]] }],
        ['price', { float: '1.10' }],
        ['same', { same: 'R:2' }],
        ['own', { of: 'X', custom: 'raw|é' }],
      ],
    })
    expect(shown(['php'], value)).toEqual({
      text: '{"mail":"Zoë \\"x\\"","n":12345678901234567890,"list":[true,null],"map":{"7":"INF"},"price":1.10,"same":"R:2","own":"raw|é"}',
      is: ['json'],
    })
  })
  it('is JSON where it is a session of PHP', () => {
    expect(shown(['php'], 'user|s:3:"ann";!gone|n|i:5;').text).toBe('{"user":"ann","n":5}')
  })
  it('is JSON where it is YAML', () => {
    expect(
      shown(
        ['yaml'],
        '--- !ruby/object:User\n:a: &x 1.10\nb: [true, ~, "é\\n", *x]\n5: 0x1F\nbig: 12345678901234567890\n',
      ),
    ).toEqual({
      text: '{":a":1.10,"b":[true,null,"é\\n","*x"],"5":"0x1F","big":12345678901234567890}',
      is: ['json'],
    })
  })
  it('is what lies inside, however deep', () => {
    expect(shown(['zlib', 'json'], deflateSync('{"a": 1.10}')).text).toBe('{"a": 1.10}')
    expect(shown(['base64', 'php'], Buffer.from('a:1:{i:0;s:1:"x";}').toString('base64')).text).toBe('["x"]')
    expect(shown(['json', 'php'], '{"a":"a:1:{i:0;s:1:\\"x\\";}"}').text).toBe('{"a":"[\\"x\\"]"}')
    expect(shown(['url'], 'q=%C3%A9+x').text).toBe('q=é x')
  })
  it('is refused where it is not packed so', () => {
    expect(() => shown(['php'], 'a:1:{')).toThrow(Unreadable)
    expect(() => shown(['zlib', 'json'], Buffer.from('{}'))).toThrow(Unreadable)
  })
})
