import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { newSpoolKey } from '../../../src/engine/spool/key.ts'
import { readSpool } from '../../../src/engine/spool/read.ts'
import { spoolFile, spoolWriter } from '../../../src/engine/spool/write.ts'
import { freshFolder } from '../../support/ask.ts'

async function all(rows: AsyncIterable<unknown>): Promise<unknown[]> {
  const got = []
  for await (const row of rows) got.push(row)
  return got
}
const order = '01JABCDEF'

describe('what waits for its package', () => {
  it('survives two workers that write it at once: a lease that ran out is taken over', async () => {
    const [folder, key] = [freshFolder(), await newSpoolKey()]
    const [slow, quick] = [await spoolWriter(folder, order, 1, key), await spoolWriter(folder, order, 1, key)]
    for (let i = 0; i < 20_000; i++) await slow.write({ from: 'slow', i })
    for (let i = 0; i < 3; i++) await quick.write({ from: 'quick', i })
    await quick.finish()
    for (let i = 0; i < 20_000; i++) await slow.write({ from: 'slow', i })
    expect(await all(readSpool(spoolFile(folder, order, 1), key))).toHaveLength(3)
    await slow.abandon()
    expect(await all(readSpool(spoolFile(folder, order, 1), key))).toHaveLength(3)
    expect(readdirSync(join(folder, order))).toEqual(['0001.jsonl.age'])
  })

  it('that is gone or damaged is an error of whoever reads it, not the end of the process', async () => {
    const [folder, key] = [freshFolder(), await newSpoolKey()]
    const pen = await spoolWriter(folder, order, 1, key)
    for (let i = 0; i < 20_000; i++) await pen.write({ i, text: 'x'.repeat(50) })
    await pen.finish()
    const path = spoolFile(folder, order, 1)
    await expect(all(readSpool(`${path}.none`, key))).rejects.toThrow(/./)
    const whole = readFileSync(path)
    truncateSync(path, whole.length - 100)
    await expect(all(readSpool(path, key))).rejects.toThrow(/./)
    whole[whole.length >> 1] = (whole[whole.length >> 1] as number) ^ 1
    writeFileSync(path, whole)
    await expect(all(readSpool(path, key))).rejects.toThrow(/./)
    await expect(all(readSpool(path, await newSpoolKey()))).rejects.toThrow(/./)
  })

  it('keeps every line whole, whatever stands in it', async () => {
    const [folder, key] = [freshFolder(), await newSpoolKey()]
    const rows = ['a\nb', 'a\r\nb', '\u2028\u2029\u0085', '\r', ''].map((text) => ({ text }))
    const pen = await spoolWriter(folder, order, 1, key)
    for (const row of rows) await pen.write(row)
    await pen.finish()
    expect(await all(readSpool(spoolFile(folder, order, 1), key))).toEqual(rows)
    expect(existsSync(spoolFile(folder, order, 1))).toBe(true)
  })
})
