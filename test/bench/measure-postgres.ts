import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { openPostgresStore } from '../../src/stores/postgres/open.ts'
import { postgresMissing, startPostgres } from '../support/servers.ts'
import { deskOver, runOrderOf } from './desk.ts'
import { type Figures, type Order, peak, timed } from './figures.ts'

/** Rows of the one who is erased, among ten times as many of others. */
const hers = 10_000
const email = 'alice.jansen@post.example'

const datamap = `dataset:
  - fides_key: forum
    name: Forum
    lethe: {purpose: Talking, basis: contract}
    collections:
    - name: members
      lethe: {person: true, erase: delete}
      fields:
        - {name: id, fides_meta: {primary_key: true, data_type: integer}}
        - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
    - name: posts
      lethe: {erase: anonymise}
      fields:
        - {name: id, fides_meta: {primary_key: true, data_type: integer}}
        - {name: member_id, data_categories: [user.unique_id], fides_meta: {references: [{dataset: forum, field: members.id, direction: from}]}, lethe: {link: owned, erase: null}}
        - {name: body, data_categories: [user.content], lethe: {erase: '[erased]'}}
        - {name: posted_at, data_categories: [system.operations], lethe: {erase: keep}}
`

const schema = [
  'CREATE TABLE members (id integer PRIMARY KEY, email text NOT NULL)',
  'CREATE INDEX members_email ON members (lower(email))',
  'CREATE TABLE posts (id integer PRIMARY KEY, member_id integer REFERENCES members, body text, posted_at timestamptz)',
  `INSERT INTO members SELECT n, CASE n WHEN 1 THEN '${email}' ELSE 'm' || n || '@post.example' END FROM generate_series(1, 1000) n`,
  `INSERT INTO posts SELECT n, CASE WHEN n % 11 = 0 AND n <= ${hers * 11} THEN 1 ELSE 2 + n % 999 END, repeat('lorem ipsum ', 40), now() FROM generate_series(1, ${hers * 11}) n`,
  'CREATE INDEX posts_member ON posts (member_id)',
  'VACUUM ANALYZE',
]

/** Ten thousand rows of one person on PostgreSQL: one UPDATE, the engine, and row by row with a commit each. */
export async function measurePostgres(order: Order): Promise<Figures> {
  const why = postgresMissing()
  if (why !== undefined) return { missing: why }
  const server = await startPostgres()
  try {
    const one = await fresh(server.url, 'one')
    const set = await timed(() =>
      one.query("UPDATE posts SET member_id = NULL, body = '[erased]' WHERE member_id = 1"),
    )
    await one.end()
    const many = await fresh(server.url, 'many')
    const ids = (await many.query('SELECT id FROM posts WHERE member_id = 1')).rows as { id: number }[]
    const rowByRow = await timed(async () => {
      for (const { id } of ids)
        await many.query("UPDATE posts SET member_id = NULL, body = '[erased]' WHERE id = $1", [id])
    })
    await many.end()
    const client = await fresh(server.url, 'engine')
    const run = await byEngine(order, urlOf(server.url, 'engine'))
    const left = await client.query('SELECT count(*) FROM posts WHERE member_id = 1')
    await client.end()
    return {
      ...run,
      left: Number((left.rows[0] as { count: string }).count),
      rows: ids.length,
      sql: { ms: set.ms, cpuMs: set.cpuMs },
      rowByRow: { ms: rowByRow.ms, cpuMs: rowByRow.cpuMs },
    }
  } finally {
    await server.stop()
  }
}

async function byEngine(order: Order, url: string): Promise<Figures> {
  const policies = join(order.work, 'policies')
  mkdirSync(join(policies, 'datamap'), { recursive: true })
  writeFileSync(join(policies, 'datamap/forum.yaml'), datamap)
  const desk = await deskOver([openPostgresStore('forum', url)], policies, join(order.work, 'own'))
  const run = await runOrderOf(desk, 'erasure', email)
  await desk.close()
  return {
    planned: run.planned,
    ran: run.ran,
    plan: run.planSplit,
    run: run.runSplit,
    peakBytes: peak(),
  }
}

function urlOf(server: string, name: string): string {
  const url = new URL(server)
  url.pathname = `/bench_${name}_${process.pid}`
  return url.href
}

async function fresh(server: string, name: string): Promise<pg.Client> {
  const admin = new pg.Client({ connectionString: server })
  await admin.connect()
  await admin.query(`CREATE DATABASE "bench_${name}_${process.pid}"`)
  await admin.end()
  const client = new pg.Client({ connectionString: urlOf(server, name) })
  // The server stops before everybody has left.
  client.on('error', () => undefined)
  await client.connect()
  for (const sql of schema) await client.query(sql)
  return client
}
