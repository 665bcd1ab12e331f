import { createReadStream, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { beforeAll, describe, expect, test } from 'vitest'
import { isLetheError } from '../../src/base/errors.ts'
import { composePackage } from '../../src/export/compose.ts'
import type { ExportCollection, ExportRow, PackageContent } from '../../src/export/model.ts'
import { writeSealed } from '../../src/export/seal/write-sealed.ts'
import { freshFolder } from '../support/ask.ts'
import { collection, content, medium, row } from './sample.ts'

let recipient = ''
beforeAll(async () => {
  recipient = await identityToRecipient(await generateX25519Identity())
})

/** What building ends with, and what it left in its folder. */
async function build(
  from: PackageContent,
  signal?: AbortSignal,
): Promise<{ error: unknown; left: string[] }> {
  const folder = freshFolder()
  const error: unknown = await writeSealed(composePackage(from).stream, join(folder, 'P.age'), recipient, {
    signal,
  }).then(
    () => undefined,
    (e: unknown) => e,
  )
  return { error, left: readdirSync(folder) }
}

const many = (n: number, then: () => void = () => undefined): ExportCollection =>
  collection([], {
    fields: [{ name: 'id' }, { name: 'text' }],
    async *rows() {
      for (let i = 0; i < n; i++) yield row({ id: String(i), text: 'x'.repeat(1000) })
      then()
    },
  })

const boom = (): never => {
  throw new Error('the store went away')
}

describe('a build that fails leaves nothing and ends nothing', () => {
  test.each([
    ['at once', 0],
    ['after some megabytes', 5000],
  ])('a row source that fails %s fails the build with its own error', async (_, n) => {
    const { error, left } = await build(content([collection([row({ id: '1' })]), many(n, boom)]))
    expect(String(error)).toContain('the store went away')
    expect(left).toEqual([])
  })

  test('a list of collections that fails does too', async () => {
    async function* broken(): AsyncGenerator<ExportCollection> {
      yield many(10)
      boom()
    }
    const { error, left } = await build({ ...content([]), collections: broken() })
    expect(String(error)).toContain('the store went away')
    expect(left).toEqual([])
  })

  test('a missing media file fails the build', async () => {
    const missing = { name: 'a.wav', open: () => createReadStream('/nowhere/a.wav') }
    const { error, left } = await build(content([collection([], { media: [medium('b.wav', 'b'), missing] })]))
    expect(error).toMatchObject({ code: 'ENOENT' })
    expect(left).toEqual([])
  })

  test('media that break off fail the build', async () => {
    const broken = {
      name: 'a.wav',
      open: () =>
        Readable.from(
          (function* () {
            yield Buffer.alloc(300_000)
            boom()
          })(),
        ),
    }
    const { error, left } = await build(content([collection([], { media: [broken] })]))
    expect(String(error)).toContain('the store went away')
    expect(left).toEqual([])
  })

  test('rows that differ between JSON and CSV fail the build', async () => {
    let reading = 0
    const changing = collection([], {
      fields: [{ name: 'id' }],
      rows: (): AsyncIterable<ExportRow> => Readable.from([row({ id: String(reading++) })]),
    })
    const { error, left } = await build(content([changing]))
    expect(isLetheError(error, 'conflict')).toBe(true)
    expect(left).toEqual([])
  })

  test('a stop in the middle ends the build and closes its sources', async () => {
    const stop = new AbortController()
    let closed = false
    const endless = collection([], {
      fields: [{ name: 'id' }],
      async *rows() {
        try {
          for (let i = 0; ; i++) {
            if (i === 20_000) stop.abort()
            yield row({ id: String(i) })
          }
        } finally {
          closed = true
        }
      },
    })
    const { error, left } = await build(content([endless]), stop.signal)
    expect(error).toMatchObject({ name: 'AbortError' })
    expect(left).toEqual([])
    await expect.poll(() => closed).toBe(true)
  })

  test.each([
    ['a folder that cannot be made', (folder: string) => join(folder, 'file', 'P.age')],
    ['a disk that is full', (folder: string) => join(folder, 'full.age')],
  ])('%s fails the build and closes its sources', async (_, path) => {
    const folder = freshFolder()
    writeFileSync(join(folder, 'file'), '')
    symlinkSync('/dev/full', join(folder, 'full.age.part'))
    let open = 0
    const rows = collection([], {
      fields: [{ name: 'id' }],
      async *rows() {
        open++
        try {
          for (let i = 0; ; i++) yield row({ id: String(i) })
        } finally {
          open--
        }
      },
    })
    const { stream } = composePackage(content([rows]))
    await expect(writeSealed(stream, path(folder), recipient)).rejects.toThrow(/ENOTDIR|ENOSPC/)
    expect(readdirSync(folder)).not.toContain('full.age')
    await expect.poll(() => open).toBe(0)
    expect(stream.destroyed).toBe(true)
  })

  test('a reader that goes away closes the rows', async () => {
    let closed = false
    let read = 0
    const rows = collection([], {
      fields: [{ name: 'id' }],
      async *rows() {
        try {
          for (; ; read++) yield row({ id: String(read) })
        } finally {
          closed = true
        }
      },
    })
    const { stream } = composePackage(content([rows]))
    for await (const piece of stream) if ((piece as Buffer).length > 0 && read > 1000) break
    await expect.poll(() => closed).toBe(true)
  })
})

test('a slow reader is waited for: rows are read as the archive is taken', async () => {
  let read = 0
  const incompressible = collection([], {
    fields: [{ name: 'text' }],
    async *rows() {
      const { randomBytes } = await import('node:crypto')
      for (let i = 0; i < 40_000; i++) {
        read++
        yield row({ text: randomBytes(500).toString('base64') })
      }
    },
  })
  const { stream } = composePackage(content([incompressible]))
  let taken = 0
  const readWhen: number[] = []
  const slow = new Writable({
    highWaterMark: 1,
    write(piece: Buffer, _, done) {
      taken += piece.length
      readWhen.push(read)
      if (taken > 1_000_000) return done(new Error('enough'))
      setImmediate(done)
    },
  })
  await expect(pipeline(stream, slow)).rejects.toThrow('enough')
  // A megabyte was taken; what was read ahead beyond it fits in the streams' buffers.
  expect(readWhen.at(-1)).toBeGreaterThan(1000)
  expect(readWhen.at(-1)).toBeLessThan(12_000)
})
