import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nameBook, safeName } from '../../src/export/files/names.ts'

test('whatever the name, what comes out is one harmless segment, and stays itself', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
      const safe = safeName(name)
      expect(safe).not.toMatch(/^$|^\.|[. ]$|[/\\:*?"<>|\p{Cc}\p{Cf}]/u)
      expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(124)
      expect(safe.isWellFormed()).toBe(true)
      expect(safeName(safe)).toBe(safe)
    }),
  )
})

test.each(['CON', 'con.txt', 'Aux', 'COM1.tar.gz', 'lpt¹', 'NUL.'])(
  'the name %s, which Windows reserves, is not used',
  (name) => {
    expect(safeName(name)).toMatch(/^_/)
  },
)

test.each(['console.txt', 'communication', 'Ærø – 2024.wav', 'æøå.pdf', 'a.b.c', '日本.mp3'])(
  'an ordinary name such as %s stays as it is',
  (name) => {
    expect(safeName(name)).toBe(name)
  },
)

test('names that differ in letter case only are told apart', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('a.wav', 'A.wav', 'a-2.wav', 'a-3.wav', 'A-2.WAV', '../a.wav', 'b')),
      (names) => {
        const book = nameBook()
        const given = names.map((name) => book(name).toLowerCase())
        expect(new Set(given).size).toBe(names.length)
      },
    ),
  )
})
