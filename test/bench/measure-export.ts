import { execFileSync } from 'node:child_process'
import { createWriteStream, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import Sqlite from 'better-sqlite3'
import { newId } from '../../src/base/ids.ts'
import type { TimeZone } from '../../src/base/instant.ts'
import { buildPackage } from '../../src/export/build-package.ts'
import { composePackage } from '../../src/export/compose.ts'
import type { ExportCollection, ExportRow, PackageContent } from '../../src/export/model.ts'
import { openDesk } from './desk.ts'
import { type Figures, type Order, peak, timed } from './figures.ts'
import { benchNow, copyOf } from './samples.ts'

/** A package of every ticket and message, as if they were one person's, beside `zip -1` of the files in it. */
export async function measureExport(order: Order): Promise<Figures> {
  const dir = copyOf(order.sample, order.work)
  const desk = await openDesk(dir, join(order.work, 'own'))
  const folder = join(order.work, 'packages')
  mkdirSync(folder)
  const actor = { kind: 'officer', id: 'bench' } as const
  const build = await timed(() =>
    buildPackage(
      { folder, checkpoint: (work) => desk.db.transact((tx) => work({ actor, clock: desk.db.clock, tx })) },
      { id: newId(), content: content(dir), expiresAt: '2026-12-22T12:00:00.000Z' as never },
    ),
  )
  const peakBytes = peak()
  await desk.close()
  const plain = join(order.work, 'plain.zip')
  const compose = await timed(() => pipeline(composePackage(content(dir)).stream, createWriteStream(plain)))
  const read = await timed(async () => {
    let bytes = 0
    for (const collection of content(dir).collections as Iterable<ExportCollection>)
      for await (const row of collection.rows()) bytes += JSON.stringify(row).length
    return bytes
  })
  const zip = zipped(order.work, plain)
  return {
    rows: build.result.counts.rows,
    sealedBytes: statSync(join(folder, readdirSync(folder)[0] as string)).size,
    build,
    compose,
    read,
    peakBytes,
    ...zip,
  }
}

/** Undefined figures where `zip` and `unzip` are not there. */
function zipped(work: string, archive: string): Record<string, number> {
  const files = join(work, 'files')
  try {
    execFileSync('unzip', ['-q', archive, '-d', files])
    const bytes = Number(execFileSync('du', ['-sb', files]).toString().split('\t')[0])
    const start = performance.now()
    execFileSync('zip', ['-1', '-q', '-r', join(work, 'by-zip.zip'), '.'], { cwd: files })
    return { fileBytes: bytes, zipMs: performance.now() - start }
  } catch {
    return {}
  }
}

const tables = {
  tickets: [
    'id',
    'reference',
    'channel',
    'category',
    'priority',
    'status',
    'subject',
    'resolution',
    'opened_at',
    'closed_at',
  ],
  messages: ['id', 'ticket_id', 'author', 'from_address', 'format', 'body', 'sent_at'],
}

function content(dir: string): PackageContent {
  const collection = (name: keyof typeof tables): ExportCollection => ({
    store: 'tickets',
    name,
    title: { en: name },
    fields: tables[name].map((field) => ({ name: field, title: { en: field } })),
    rows: () => rowsOf(dir, name),
  })
  return {
    head: {
      reference: 'R-BENC-HBEN',
      language: 'en',
      timezone: 'Europe/Amsterdam' as TimeZone,
      right: 'access',
      receivedAt: benchNow,
      createdAt: benchNow,
      controller: { name: 'Duinrand', contact: ['privacy@duinrand.example'] },
      article15: { systems: [] },
    },
    collections: [collection('tickets'), collection('messages')],
    leftOut: [],
  }
}

async function* rowsOf(dir: string, table: keyof typeof tables): AsyncGenerator<ExportRow> {
  const db = new Sqlite(join(dir, 'tickets.db'), { readonly: true })
  try {
    const sql = `SELECT ${tables[table].map((c) => `CAST(${c} AS TEXT) AS ${c}`).join(', ')} FROM ${table} ORDER BY id`
    for (const values of db.prepare(sql).iterate() as IterableIterator<Record<string, string | null>>)
      yield { link: 'owned', values, redacted: [] }
  } finally {
    db.close()
  }
}
