/* One scan of a table of 40 MB values and a gzip bomb, with the most memory it took; run by scan.once.test.ts. */
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import Sqlite from 'better-sqlite3'
import type { EngineDeps } from '../../../src/engine/deps.ts'
import { scanForPerson } from '../../../src/engine/verify/scan.ts'
import { openSqliteStore } from '../../../src/stores/sqlite/open.ts'

const ann = 'ann.lee@x.example'
const path = join(tmpdir(), `lethe-long-${process.pid}.db`)
const db = new Sqlite(path)
db.exec('CREATE TABLE long (id INTEGER PRIMARY KEY, body TEXT, raw BLOB)')
if (process.argv[2] === 'long') {
  // Made by SQLite, so that this process never holds it.
  for (let id = 1; id <= 2; id++)
    db.exec(
      `INSERT INTO long (id, body) VALUES (${id}, replace(hex(zeroblob(${20 * 2 ** 20 - 64})), '00000000', 'a word, ') || '${ann}')`,
    )
  const bomb = Buffer.concat(Array.from({ length: 12 }, () => gzipSync(Buffer.alloc(20 * 2 ** 20, 32))))
  db.prepare('INSERT INTO long (id, raw) VALUES (4, ?)').run(Buffer.concat([gzipSync(`${ann} `), bomb]))
  db.prepare('INSERT INTO long (id, raw) VALUES (5, ?)').run(
    Buffer.alloc(40 * 2 ** 20, 'no text \u00ff of hers', 'latin1'),
  )
}
db.close()
const store = openSqliteStore('made', path)
const deps = {
  map: { collections: new Map() },
  stores: new Map([['made', store]]),
  policyOf: () => ({ country: 'NL' }),
}
const { residue, unread } = await scanForPerson(deps as unknown as EngineDeps, 'made', [
  { kind: 'email', value: ann },
])
await store.close()
for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true })
process.stdout.write(
  JSON.stringify({
    peak: process.resourceUsage().maxRSS * 1024,
    hits: residue.map((r) =>
      [`${r.table}.${r.column}`, r.rows, r.path].filter((p) => p !== undefined).join(' '),
    ),
    unread: unread.map((u) => u.why),
  }),
)
