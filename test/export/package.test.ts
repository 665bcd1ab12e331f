import { execFileSync, spawnSync } from 'node:child_process'
import {
  copyFileSync,
  createWriteStream,
  existsSync,
  readdirSync,
  readFileSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Decrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { system } from '../../src/base/actor.ts'
import { isLetheError } from '../../src/base/errors.ts'
import { newId } from '../../src/base/ids.ts'
import { parseInstant } from '../../src/base/instant.ts'
import { buildPackage } from '../../src/export/build-package.ts'
import { destroyPackage } from '../../src/export/destroy-package.ts'
import { expirePackagesJob, exportJobs } from '../../src/export/jobs.ts'
import type { PackageContent } from '../../src/export/model.ts'
import { handOver, openPackage } from '../../src/export/open-package.ts'
import { readPackage } from '../../src/export/read-package.ts'
import { sealForRecipient } from '../../src/export/seal-for-recipient.ts'
import { sealWithPassphrase } from '../../src/export/seal-with-passphrase.ts'
import { packagesOf, showPackage } from '../../src/export/show-package.ts'
import { tables } from '../../src/export/tables.ts'
import type { EntryBody } from '../../src/ledger/tables.ts'
import { entries } from '../../src/ledger/list.ts'
import { verifyLedger } from '../../src/ledger/verify.ts'
import type { Ctx } from '../../src/ops/db/database.ts'
import { enqueue } from '../../src/ops/jobs/enqueue.ts'
import { openWorker } from '../../src/ops/jobs/worker.ts'
import type { Log } from '../../src/ops/log.ts'
import { freshFolder } from '../support/ask.ts'
import { type FixedClock, fixedClock } from '../support/clock.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { collection, content, medium, readAll, row, sha256, tickets, unzipped } from './sample.ts'

const has = (program: string): boolean => spawnSync(program, ['--help']).error === undefined
const silent: Log = { debug() {}, info() {}, warn() {}, error() {} } as unknown as Log
const expiresAt = parseInstant('2026-04-04T09:00:00Z')

let clock: FixedClock
let database: TestDatabase
let folder: string
beforeEach(async () => {
  clock = fixedClock('2026-03-05T09:00:00Z')
  database = await testDatabase(clock)
  folder = join(freshFolder(), 'packages')
})
afterEach(() => database.close())

const act = <T>(work: (ctx: Ctx) => Promise<T>): Promise<T> =>
  database.db.transact((tx) => work({ actor: system('test'), clock, tx }))
const build = (from: PackageContent = content([tickets()]), id = newId()) =>
  buildPackage({ folder, checkpoint: act }, { id, content: from, expiresAt })
const open = (id: string) => database.db.read((reader) => openPackage(reader, { folder, id }))
const ledger = () =>
  database.db.read(async (reader) => {
    const all: (readonly [type: string, subject: string, body: EntryBody])[] = []
    for await (const { type, subject, body } of entries(reader)) all.push([type, subject, body])
    return all
  })
const work = async (name: string) => {
  await database.db.transact((tx) => enqueue(tx, { name, key: newId(), input: {} }))
  await openWorker(database.db, exportJobs({ folder }), silent).drain()
}
const big = (): PackageContent =>
  content([
    tickets(),
    collection(
      Array.from({ length: 3000 }, (_, i) => row({ id: String(i), text: `line ${i} `.repeat(40) })),
      { name: 'notes', media: [medium('a.wav', Buffer.alloc(700_000, 'RIFF')), medium('empty', '')] },
    ),
  ])

describe('a package at rest', () => {
  test('is an age file of its own key, and opens as the plain ZIP that was recorded', async () => {
    const built = await build()
    expect(readdirSync(folder)).toEqual([`${built.id}.age`])
    const sealed = readFileSync(join(folder, `${built.id}.age`))
    expect(sealed.subarray(0, 21).toString()).toBe('age-encryption.org/v1')
    expect(sealed.includes('Printer') || sealed.includes('PK\x05\x06') || sealed.includes('tickets')).toBe(
      false,
    )
    const plain = await readAll(await (await open(built.id)).stream())
    expect([sha256(plain), plain.length]).toEqual([built.sha256, built.bytes])
    expect(built.counts).toEqual({ files: 6, collections: 1, rows: 2, media: 1, leftOut: 0 })
    expect(await database.db.read((r) => showPackage(r, built.id))).toEqual(built)
  })

  test('its key lies sealed in the table, and differs from package to package', async () => {
    const [one, two] = [await build(), await build()]
    const raw = (await database.db.session((s) => s.rows('select identity from package'))).map((r) =>
      String(r['identity']),
    )
    expect(raw).toHaveLength(2)
    for (const text of raw) expect(text).toMatch(/^v1\./)
    const identities = await database.db.read((r) =>
      r.q.select({ identity: tables(r).package.identity }).from(tables(r).package),
    )
    expect(new Set(identities.map((r) => r.identity)).size).toBe(2)
    expect((await database.db.read((r) => packagesOf(r, 'R-7K3M-9QTX'))).map((p) => p.id).sort()).toEqual(
      [one.id, two.id].sort(),
    )
  })

  test('reading anywhere in it gives what reading it through gives', async () => {
    const built = await build(big())
    const plain = await readAll(await (await open(built.id)).stream())
    const file = await (await open(built.id)).file()
    expect(file.size).toBe(plain.length)
    for (const [at, length] of [
      [0, 10],
      [65_530, 20],
      [65_536, 65_536],
      [1, 200_000],
      [plain.length - 22, 100],
      [plain.length, 1],
    ] as const)
      expect(Buffer.compare(await file.read(at, length), plain.subarray(at, at + length))).toBe(0)
    await file.close()
    expect((await readPackage(await (await open(built.id)).file())).faults).toEqual([])
  })

  test.each([0, 1, 65_535, 65_536, 65_537, 131_072])(
    'a stream of %i bytes is sealed, read through and read anywhere alike',
    async (length) => {
      const { writeSealed } = await import('../../src/export/seal/write-sealed.ts')
      const { openSealedFile } = await import('../../src/export/seal/sealed-file.ts')
      const { Readable } = await import('node:stream')
      const identity = await generateX25519Identity()
      const bytes = Buffer.alloc(length, 'lethe')
      const path = join(freshFolder(), 'x.age')
      const measure = await writeSealed(
        Readable.from(length ? [bytes] : []),
        path,
        await identityToRecipient(identity),
      )
      expect(measure).toEqual({ sha256: sha256(bytes), bytes: length })
      const decrypter = new Decrypter()
      decrypter.addIdentity(identity)
      expect(Buffer.compare(await decrypter.decrypt(readFileSync(path)), bytes)).toBe(0)
      const file = await openSealedFile(path, identity)
      expect(file.size).toBe(length)
      expect(Buffer.compare(await file.read(0, length + 10), bytes)).toBe(0)
      await file.close()
    },
  )

  test('a changed or cut-off file fails, however it is read, and never passes for whole', async () => {
    const built = await build(big())
    const path = join(folder, `${built.id}.age`)
    const whole = readFileSync(path)
    const unavailable = (e: unknown) => isLetheError(e, 'unavailable')
    const fails = async () => {
      await expect(
        open(built.id)
          .then((o) => o.stream())
          .then(readAll),
      ).rejects.toSatisfy(unavailable)
      await expect(
        open(built.id)
          .then((o) => o.file())
          .then(readPackage),
      ).rejects.toSatisfy((e) => unavailable(e) || isLetheError(e, 'invalid'))
    }
    const changed = Buffer.from(whole)
    changed[changed.length - 100] = (changed.at(-100) as number) ^ 1
    writeFileSync(path, changed)
    await fails()
    writeFileSync(path, whole)
    truncateSync(path, whole.length - (whole.length % 65_552) - 40)
    await fails()
    writeFileSync(path, whole.subarray(100))
    await fails()
  })

  test('building it twice is building it once', async () => {
    const id = newId()
    const first = await build(content([tickets()]), id)
    expect(await build(content([]), id)).toEqual(first)
    expect((await ledger()).map(([type]) => type)).toEqual(['package.built'])
  })

  test('after a crash between file and record the next run builds it whole', async () => {
    const id = newId()
    const crash = new Error('killed here')
    let calls = 0
    const crashing = <T>(job: (ctx: Ctx) => Promise<T>): Promise<T> =>
      ++calls === 2 ? Promise.reject(crash) : act(job)
    await expect(
      buildPackage({ folder, checkpoint: crashing }, { id, content: big(), expiresAt }),
    ).rejects.toBe(crash)
    expect(readdirSync(folder)).toEqual([`${id}.age`])
    await expect(open(id)).rejects.toSatisfy((e) => isLetheError(e, 'not_found'))
    writeFileSync(join(folder, `${id}.age.part`), 'half')
    const built = await build(content([tickets()]), id)
    expect(sha256(await readAll(await (await open(id)).stream()))).toBe(built.sha256)
    expect(readdirSync(folder)).toEqual([`${id}.age`])
  })
})

describe('the end of a package', () => {
  test('one that was destroyed cannot be opened, not even from a copy of its file', async () => {
    const built = await build()
    const path = join(folder, `${built.id}.age`)
    const copy = join(freshFolder(), 'copy.age')
    copyFileSync(path, copy)
    await act((ctx) => destroyPackage(ctx, { id: built.id, because: 'withdrawn' }))
    await openWorker(database.db, exportJobs({ folder }), silent).drain()
    expect(existsSync(path)).toBe(false)
    copyFileSync(copy, path)
    await expect(open(built.id)).rejects.toSatisfy((e) => isLetheError(e, 'expired'))
    const [row] = await database.db.read((r) =>
      r.q
        .select()
        .from(tables(r).package)
        .where(eq(tables(r).package.id, built.id)),
    )
    expect(row).toMatchObject({ identity: null, destroyedAt: clock.now() })
    await act((ctx) => destroyPackage(ctx, { id: built.id, because: 'again' }))
    expect((await ledger()).map(([type]) => type)).toEqual(['package.built', 'package.destroyed'])
    await expect(build(content([]), built.id)).rejects.toSatisfy((e) => isLetheError(e, 'conflict'))
  })

  test('the last millisecond still opens it, the next does not', async () => {
    const { id } = await build()
    clock.set('2026-04-04T08:59:59.999Z')
    expect((await open(id)).fileName).toBe('R-7K3M-9QTX.zip')
    clock.set('2026-04-04T09:00:00Z')
    await expect(open(id)).rejects.toSatisfy((e) => isLetheError(e, 'expired'))
    await expect(open('01NEVER')).rejects.toSatisfy((e) => isLetheError(e, 'not_found'))
  })

  test('the hourly job destroys what is past its time, and only that, and sweeps what a crash left a day ago', async () => {
    const old = await build()
    const young = await buildPackage(
      { folder, checkpoint: act },
      { id: newId(), content: content([tickets()]), expiresAt: parseInstant('2026-05-01T00:00:00Z') },
    )
    clock.set('2026-04-04T09:00:00Z')
    for (const [name, at] of [
      ['STRAY.age', '2026-04-03T09:00:00Z'],
      ['STRAY2.age.part', '2026-04-03T08:00:00Z'],
      ['FRESH.age.part', '2026-04-03T09:00:01Z'],
      ['note.txt', '2020-01-01T00:00:00Z'],
    ] as const) {
      writeFileSync(join(folder, name), '')
      utimesSync(join(folder, name), new Date(at), new Date(at))
    }
    await work(expirePackagesJob)
    expect(readdirSync(folder).sort()).toEqual([`${young.id}.age`, 'FRESH.age.part', 'note.txt'].sort())
    await expect(open(old.id)).rejects.toSatisfy((e) => isLetheError(e, 'expired'))
    expect((await readPackage(await (await open(young.id)).file())).faults).toEqual([])
  })
})

describe('the hand-over', () => {
  test('each one is in the ledger, with hashes and counts and no personal data, and the chain holds', async () => {
    const { id, sha256: hash } = await build()
    const opened = await act((ctx) => handOver(ctx, { folder, id, how: 'download' }))
    expect(sha256(await readAll(await opened.stream()))).toBe(hash)
    clock.advance(1000)
    const again = await act((ctx) => handOver(ctx, { folder, id, how: 'recipient' }))
    expect(again.openedAt).toBe('2026-03-05T09:00:00.000Z')
    const all = await ledger()
    expect(all.map(([type, subject]) => `${type} ${subject}`)).toEqual([
      'package.built request:R-7K3M-9QTX',
      'package.opened request:R-7K3M-9QTX',
      'package.opened request:R-7K3M-9QTX',
    ])
    expect(all[0]?.[2]).toMatchObject({ package: id, sha256: hash, rows: 2, leftOut: 0 })
    expect(all[2]?.[2]).toEqual({ package: id, how: 'recipient', sha256: hash })
    expect((await database.db.read(verifyLedger)).faults).toEqual([])
  })

  test('with a passphrase it is an AES-256 ZIP of the same files, for its holder only', async () => {
    const opened = await open((await build(big())).id)
    const path = join(freshFolder(), 'sealed.zip')
    await pipeline(await sealWithPassphrase(opened, 'vier losse woorden æ'), createWriteStream(path))
    const plain = join(freshFolder(), 'plain.zip')
    await pipeline(await opened.stream(), createWriteStream(plain))
    expect(await unzipped(path, { password: 'vier losse woorden æ' })).toEqual(await unzipped(plain))
    await expect(unzipped(path, { password: 'another one' })).rejects.toThrow(/password/i)
    await expect(unzipped(path)).rejects.toThrow(/encrypted/i)
    expect(readFileSync(path).includes('Printer')).toBe(false)
  })

  test.skipIf(!has('7z'))(
    '7-Zip opens it with the passphrase, says AES-256, and refuses another',
    async () => {
      const path = join(freshFolder(), 'sealed.zip')
      await pipeline(
        await sealWithPassphrase(await open((await build(big())).id), 'correct horse'),
        createWriteStream(path),
      )
      expect(execFileSync('7z', ['t', '-pcorrect horse', path], { encoding: 'utf8' })).toContain(
        'Everything is Ok',
      )
      expect(execFileSync('7z', ['l', '-slt', '-pcorrect horse', path], { encoding: 'utf8' })).toMatch(
        /Method = AES-256 Deflate/,
      )
      expect(spawnSync('7z', ['t', '-pwrong horse', path], { encoding: 'utf8' }).status).toBe(2)
    },
  )

  test('a short passphrase and a recipient that is none are refused in words', async () => {
    const opened = await open((await build()).id)
    await expect(sealWithPassphrase(opened, 'seven77')).rejects.toSatisfy((e) => isLetheError(e, 'invalid'))
    await expect(sealForRecipient(opened, 'age1nonsense')).rejects.toSatisfy((e) =>
      isLetheError(e, 'invalid'),
    )
  })

  test('for a recipient it is an age file that only his key opens', async () => {
    const opened = await open((await build()).id)
    const [his, other] = [await generateX25519Identity(), await generateX25519Identity()]
    const sealed = await readAll(await sealForRecipient(opened, `${await identityToRecipient(his)}\n`))
    const decrypt = (identity: string) => {
      const decrypter = new Decrypter()
      decrypter.addIdentity(identity)
      return decrypter.decrypt(sealed)
    }
    expect(sha256(await decrypt(his))).toBe(opened.sha256)
    await expect(decrypt(other)).rejects.toThrow('no identity matched')
  })

  test.skipIf(!has('age'))('the age program opens both kinds of age file', async () => {
    const built = await build()
    const his = await generateX25519Identity()
    const place = freshFolder()
    writeFileSync(join(place, 'key'), his)
    writeFileSync(
      join(place, 'his.age'),
      await readAll(await sealForRecipient(await open(built.id), await identityToRecipient(his))),
    )
    const [stored] = await database.db.read((r) => r.q.select().from(tables(r).package))
    writeFileSync(join(place, 'own'), String(stored?.identity))
    const decrypt = (key: string, file: string) => execFileSync('age', ['-d', '-i', join(place, key), file])
    expect(sha256(decrypt('key', join(place, 'his.age')))).toBe(built.sha256)
    expect(sha256(decrypt('own', join(folder, `${built.id}.age`)))).toBe(built.sha256)
  })

  test('a reader of the sealed ZIP that goes away closes the file at rest', async () => {
    const opened = await open((await build(big())).id)
    let closed = false
    const watched = {
      ...opened,
      file: async () => {
        const file = await opened.file()
        return {
          ...file,
          close: () => {
            closed = true
            return file.close()
          },
        }
      },
    }
    for await (const piece of await sealWithPassphrase(watched, 'correct horse'))
      if ((piece as Buffer).length > 0) break
    await expect.poll(() => closed).toBe(true)
  })
})
