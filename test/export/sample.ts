import { Readable } from 'node:stream'
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { FileEntry } from '@zip.js/zip.js'
import { parseInstant, parseTimeZone } from '../../src/base/instant.ts'
import type { Words } from '../../src/base/words.ts'
import { composePackage } from '../../src/export/compose.ts'
import type {
  ExportCollection,
  ExportMedium,
  ExportRow,
  PackageContent,
  PackageHead,
} from '../../src/export/model.ts'
import { openPlainFile } from '../../src/export/seal/sealed-file.ts'
import { zipEntries } from '../../src/export/zip/reading.ts'
import { freshFolder } from '../support/ask.ts'

export const words = (en: string, more: Record<string, string> = {}): Words => ({ en, ...more })

export const head = (change: Partial<PackageHead> = {}): PackageHead => ({
  reference: 'R-7K3M-9QTX',
  language: 'en',
  timezone: parseTimeZone('Europe/Amsterdam'),
  right: 'access',
  receivedAt: parseInstant('2026-03-05T23:30:00Z'),
  createdAt: parseInstant('2026-03-20T09:00:00Z'),
  controller: { name: 'Example Support B.V.', contact: ['Privacy team', 'privacy@example.test'] },
  article15: {
    systems: [
      {
        store: 'helpdesk',
        title: words('Helpdesk', { nl: 'Helpdesk', da: 'Helpdesk' }),
        purposes: [
          words('Answering your questions', { nl: 'Uw vragen beantwoorden', da: 'Besvare spørgsmål' }),
        ],
        categories: [words('Contact details'), words('What you wrote to us')],
        recipients: [words('Hosting Co.')],
        storage: [words('Two years after the ticket is closed')],
        source: words('Your employer'),
        transfers: words('None outside the EEA'),
      },
      {
        store: 'calls',
        title: words('Telephony'),
        purposes: [],
        categories: [],
        recipients: [],
        storage: [],
      },
    ],
    authority: { name: 'Autoriteit Persoonsgegevens', contact: ['Postbus 93374, Den Haag'] },
    automatedDecisions: words('No decision about you is made by a machine alone.'),
  },
  ...change,
})

export const row = (values: ExportRow['values'], more: Partial<ExportRow> = {}): ExportRow => ({
  link: 'owned',
  redacted: [],
  values,
  ...more,
})

export function collection(
  rows: readonly ExportRow[],
  more: Partial<ExportCollection> = {},
): ExportCollection {
  const names = [...new Set(rows.flatMap((r) => Object.keys(r.values)))]
  return {
    store: 'helpdesk',
    name: 'tickets',
    title: words('Tickets', { nl: 'Tickets', da: 'Sager' }),
    fields: names.map((name) => ({ name })),
    rows: () => Readable.from(rows),
    ...more,
  }
}

export const medium = (name: string, bytes: string | Buffer): ExportMedium => ({
  name,
  open: () => Readable.from([Buffer.from(bytes)]),
})

export const content = (
  collections: readonly ExportCollection[],
  more: Partial<PackageContent> = {},
): PackageContent => ({
  head: head(),
  collections,
  leftOut: [],
  ...more,
})

export const tickets = (): ExportCollection =>
  collection(
    [
      row({ id: '1', subject: 'Printer on fire', phone: '+31612345678', note: null }),
      row(
        { id: '2', subject: '=1+1', phone: null, note: '' },
        { link: 'shared', redacted: ['subject', 'note'] },
      ),
    ],
    {
      fields: [
        { name: 'id', title: words('Number', { nl: 'Nummer', da: 'Nummer' }) },
        {
          name: 'subject',
          title: words('Subject', { nl: 'Onderwerp', da: 'Emne' }),
          description: 'What it is about',
        },
        { name: 'phone', title: words('Phone') },
        { name: 'note' },
      ],
      media: [medium('2024/scan.pdf', '%PDF-1.7')],
    },
  )

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Writes the plain ZIP to a file of its own; answers its path. */
export async function writeZip(from: PackageContent | Readable): Promise<string> {
  const path = join(freshFolder(), 'package.zip')
  await pipeline(from instanceof Readable ? from : composePackage(from).stream, createWriteStream(path))
  return path
}

/** All files of a ZIP by name. */
export async function unzipped(
  path: string,
  options: { password?: string } = {},
): Promise<Map<string, Buffer>> {
  const file = await openPlainFile(path)
  const files = new Map<string, Buffer>()
  try {
    for await (const entry of zipEntries(file)) files.set(entry.filename, await bytesOf(entry, options))
  } finally {
    await file.close()
  }
  return files
}

async function bytesOf(entry: FileEntry, options: { password?: string }): Promise<Buffer> {
  const parts: Uint8Array[] = []
  await entry.getData(new WritableStream<Uint8Array>({ write: (part) => void parts.push(part) }), options)
  return Buffer.concat(parts)
}

export async function packed(from: PackageContent): Promise<Map<string, string>> {
  const files = await unzipped(await writeZip(from))
  return new Map([...files].map(([name, bytes]) => [name, bytes.toString('utf8')]))
}

export async function readAll(stream: Readable): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(Buffer.from(part as Uint8Array))
  return Buffer.concat(parts)
}
