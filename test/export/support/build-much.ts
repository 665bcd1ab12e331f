// Builds a package of so many megabytes of rows in a process of its own and tells what memory it took.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { instantOf, parseTimeZone } from '../../../src/base/instant.ts'
import { composePackage } from '../../../src/export/compose.ts'
import { writeSealed } from '../../../src/export/seal/write-sealed.ts'
import { openSealedFile } from '../../../src/export/seal/sealed-file.ts'
import { readPackage } from '../../../src/export/read-package.ts'
import type { ExportRow, PackageContent } from '../../../src/export/model.ts'

const megabytes = Number(process.argv[2])
const rowBytes = 1024
let seed = 1
const random = (): number => (seed = (seed * 48_271) % 2_147_483_647)
const vocabulary = Array.from({ length: 5000 }, () => random().toString(36))
const slice = Array.from({ length: 2000 }, (_, i): ExportRow => {
  let text = ''
  while (text.length < rowBytes) text += `${vocabulary[random() % vocabulary.length]} `
  return {
    link: 'owned',
    redacted: [],
    values: { id: String(i), subject: text.slice(0, 60), body: text, note: null },
  }
})
const words = { en: 'Messages' }
const content: PackageContent = {
  head: {
    reference: 'R-TEST-TEST',
    language: 'en',
    timezone: parseTimeZone('UTC'),
    right: 'access',
    receivedAt: instantOf(0),
    createdAt: instantOf(0),
    controller: { name: 'C', contact: [] },
    article15: { systems: [] },
  },
  leftOut: [],
  collections: [
    {
      store: 's',
      name: 'messages',
      title: words,
      fields: ['id', 'subject', 'body', 'note'].map((name) => ({ name })),
      async *rows() {
        const n = Math.floor((megabytes * 1024 * 1024) / rowBytes)
        for (let i = 0; i < n; i++) yield { ...(slice[i % slice.length] as ExportRow) }
      },
    },
  ],
}

let peak = 0
const look = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage().rss)
}, 20)
const folder = mkdtempSync(join(tmpdir(), 'lethe-much-'))
try {
  const identity = await generateX25519Identity()
  const path = join(folder, 'p.age')
  const started = performance.now()
  const composed = composePackage(content)
  const { bytes } = await writeSealed(composed.stream, path, await identityToRecipient(identity))
  const seconds = (performance.now() - started) / 1000
  const built = peak
  const { manifest, faults } = await readPackage(await openSealedFile(path, identity))
  const plain = manifest.files.reduce((sum, file) => sum + file.bytes, 0)
  const mib = (n: number): number => Math.round(n / 1024 / 1024)
  const secondsToCheck = (performance.now() - started) / 1000 - seconds
  console.log(
    JSON.stringify({
      rows: composed.counts().rows,
      plainMib: mib(plain),
      zipMib: mib(bytes),
      peakMib: mib(built),
      peakWithCheckMib: mib(peak),
      seconds: Math.round(seconds * 10) / 10,
      secondsToCheck: Math.round(secondsToCheck * 10) / 10,
      faults: faults.length,
    }),
  )
} finally {
  clearInterval(look)
  rmSync(folder, { recursive: true })
}
