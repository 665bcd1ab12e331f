// Writes the next migration, a SQLite and a PostgreSQL twin, from the rooms' tables: npm run migrations -- NAME
// `-- --squash` starts again from nothing: only before the first release.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  generateDrizzleJson,
  generateMigration,
  generateSQLiteDrizzleJson,
  generateSQLiteMigration,
} from 'drizzle-kit/api'
import { kitOf } from '../../src/ops/db/kit.ts'
import { schema } from '../../src/schema.ts'

const folder = process.env.LETHE_MIGRATIONS ?? new URL('../../migrations', import.meta.url).pathname
const squash = process.argv.includes('--squash')
const name = process.argv.slice(2).find((word) => !word.startsWith('-')) ?? 'first'
if (squash) for (const file of readdirSync(folder)) if (/\.(sql|json)$/.test(file)) rmSync(join(folder, file))

const number = String(
  new Set(
    readdirSync(folder)
      .filter((f) => f.endsWith('.sql'))
      .map((f) => f.slice(0, 4)),
  ).size + 1,
).padStart(4, '0')
const dialects = {
  sqlite: [
    generateSQLiteDrizzleJson,
    generateSQLiteMigration,
    (imports, prev) => [imports, prev, 'snake_case'],
  ],
  postgres: [
    generateDrizzleJson,
    generateMigration,
    (imports, prev) => [imports, prev, undefined, 'snake_case'],
  ],
}
const sealer = { seal: String, open: String }
let wrote = 0
for (const [dialect, [describe, difference, args]] of Object.entries(dialects)) {
  const snapshot = join(folder, `snapshot.${dialect}.json`)
  const empty = await describe(...args({}, undefined))
  const before = existsSync(snapshot) ? JSON.parse(readFileSync(snapshot, 'utf8')) : empty
  const after = await describe(...args(schema({ kit: kitOf(dialect, sealer) }), before.id))
  const statements = await difference(before, after)
  if (statements.length === 0) continue
  writeFileSync(join(folder, `${number}_${name}.${dialect}.sql`), `${statements.join('\n').trim()}\n`)
  writeFileSync(snapshot, `${JSON.stringify(after, null, 1)}\n`)
  wrote++
}
console.log(wrote ? `wrote migration ${number}_${name}` : 'the migrations are up to date')
