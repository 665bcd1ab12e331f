import { describe, expect, it } from 'vitest'
import { isSame } from '../../../src/engine/masks/mask.ts'

describe('a masked value, read back as its store spells it', () => {
  it.each([
    ['1970-01-01 00:00:00+00', '1970-01-01 00:00:00'],
    ['0.00', '0'],
    ['[erased]', '[erased]'],
  ])('%s is %s', (now, wanted) => expect(isSame(now, wanted)).toBe(true))

  it.each([
    ['2026-01-01', '1970-01-01'],
    ['0.01', '0'],
    ['10', '0'],
    ['', '0'],
    [null, ''],
    ['', null],
    ['x', null],
  ])('%s is not %s', (now, wanted) => expect(isSame(now, wanted)).toBe(false))

  it('compares bytes by content', () => {
    expect(isSame(new Uint8Array([1, 2]), new Uint8Array([1, 2]))).toBe(true)
    expect(isSame(new Uint8Array([1, 2]), new Uint8Array())).toBe(false)
  })
})
