import { describe, expect, it } from 'vitest'
import type { Encoding } from '../../../src/datamap/model.ts'
import { emptyPacked } from '../../../src/engine/encodings/empty.ts'
import { shown } from '../../../src/engine/encodings/show.ts'

describe('the empty value of a packed column that takes no NULL', () => {
  it.each([
    [['php'], '[]'],
    [['json'], '{}'],
    [['yaml'], '{}'],
    [['base64', 'php'], '[]'],
    [['base64', 'zlib', 'json'], '{}'],
    [['gzip', 'yaml'], '{}'],
    [['json', 'php'], '{}'],
    [['mime'], ''],
    [['base64', 'mime'], ''],
  ] as [Encoding[], string][])('unpacks as %s', (encodings, wanted) => {
    for (const isBytes of [true, false]) {
      const value = emptyPacked(encodings, isBytes)
      expect(value instanceof Uint8Array).toBe(isBytes)
      expect(shown(encodings, value ?? '').text).toBe(wanted)
    }
  })
})
