import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { type ParsedMail, simpleParser } from 'mailparser'
import { afterEach, beforeEach } from 'vitest'
import { type Actor, system } from '../../src/base/actor.ts'
import { parseDuration } from '../../src/base/duration.ts'
import { parseTimeZone } from '../../src/base/instant.ts'
import { buildGraph } from '../../src/datamap/graph.ts'
import { loadDataMap } from '../../src/datamap/load.ts'
import type { CollectedRow } from '../../src/engine/run/collect.ts'
import { collected } from '../../src/engine/spool/read.ts'
import { engineJobs } from '../../src/engine/jobs.ts'
import type { EngineDeps } from '../../src/engine/deps.ts'
import { buildPackage } from '../../src/export/build-package.ts'
import type { ExportCollection, ExportRow, RowLink } from '../../src/export/model.ts'
import { tables as ledger } from '../../src/ledger/tables.ts'
import { verifyLedger } from '../../src/ledger/verify.ts'
import { loadLetters } from '../../src/notify/letters.ts'
import { notifyJobs } from '../../src/notify/send.ts'
import { openTransport } from '../../src/notify/transport.ts'
import type { Ctx, Database, ReadCtx } from '../../src/ops/db/database.ts'
import { openWorker } from '../../src/ops/jobs/worker.ts'
import { type Log, openLog } from '../../src/ops/log.ts'
import { loadRulePacks } from '../../src/requests/clock/load.ts'
import type { RequestJobDeps } from '../../src/requests/deps.ts'
import { requestJobs } from '../../src/requests/jobs.ts'
import { openSqliteStore } from '../../src/stores/sqlite/open.ts'
import { freshFolder } from '../support/ask.ts'
import { type FixedClock, fixedClock } from '../support/clock.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'

const policies = join(import.meta.dirname, '../../policies')

export const ann = 'ann@example.org'
export const bob = 'bob@example.org'

export const officer = (id: string): Actor => ({ kind: 'officer', id })
export const person: Actor = { kind: 'person', id: 'portal' }

const map = `
dataset:
  - fides_key: desk
    lethe:
      title: {en: Help desk, nl: Helpdesk, da: Helpdesk}
      role: controller
      purpose: {en: Answering your questions., nl: Uw vragen beantwoorden., da: At besvare dine spørgsmål.}
      basis: contract
      backup: {horizon: P35D}
    collections:
      - name: people
        lethe:
          title: {en: Customers, nl: Klanten, da: Kunder}
          key: [id]
          person: true
          erase: delete
          suppress: {field: email, kind: email, list: marketing}
        fields:
          - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true, data_type: integer}}
          - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
          - {name: phone, data_categories: [user.contact.phone_number], fides_meta: {identity: phone_number}}
      - name: tickets
        lethe:
          title: {en: Tickets, nl: Meldingen, da: Sager}
          key: [id]
          erase: delete
        fields:
          - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true, data_type: integer}}
          - name: person_id
            data_categories: [system.operations]
            fides_meta: {references: [{dataset: desk, field: people.id, direction: from}]}
          - {name: subject, data_categories: [user.content], lethe: {text: free, erase: null}}
      - name: invoices
        lethe:
          title: {en: Invoices, nl: Facturen, da: Fakturaer}
          key: [id]
          erase: keep
          keep:
            ground: legal_obligation
            because: {en: Tax law wants them for seven years., nl: De belastingwet wil ze zeven jaar., da: Skatteloven kræver dem i syv år.}
        fields:
          - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true, data_type: integer}}
          - name: person_id
            data_categories: [system.operations]
            fides_meta: {references: [{dataset: desk, field: people.id, direction: from}]}
          - {name: total, data_categories: [user.financial]}
`

/** A store of three tables with two people in it. */
function sampleStore(folder: string): string {
  const path = join(folder, 'desk.db')
  const store = new Sqlite(path)
  store.exec(`
    create table people (id integer primary key, email text, phone text);
    create table tickets (id integer primary key, person_id integer, subject text);
    create table invoices (id integer primary key, person_id integer, total text);
    insert into people values (1, '${ann}', '+31612345678'), (2, '${bob}', '+31687654321');
    insert into tickets values (1, 1, 'printer'), (2, 1, 'mouse'), (3, 2, 'screen');
    insert into invoices values (1, 1, '10.00'), (2, 2, '20.00');
  `)
  store.close()
  return path
}

/** The real desk: service tables, engine, a store, packages and mail into a folder. Nothing is stood in for. */
export function requestDesk(options: { readonly autoGrant?: boolean; readonly log?: Log } = {}) {
  const clock: FixedClock = fixedClock()
  let test: TestDatabase
  let folder: string
  let engine: EngineDeps
  let deps: RequestJobDeps
  beforeEach(async () => {
    clock.set('2026-03-05T09:00:00Z')
    test = await testDatabase(clock)
    folder = freshFolder()
    engine = engineOf(folder)
    deps = depsOf(folder, engine, options.autoGrant ?? false)
  })
  afterEach(async () => {
    for (const store of engine.stores.values()) await store.close()
    await test.close()
  })
  const outbox = () => join(folder, 'outbox')
  const transport = () => openTransport(`file:${outbox()}`)
  return {
    clock,
    get db(): Database {
      return test.db
    },
    get deps(): RequestJobDeps {
      return deps
    },
    /** Of the service's own database. */
    get url(): string {
      return test.url
    },
    /** Every row of the service's own tables, as they lie there. */
    tables: (): Promise<Record<string, Record<string, unknown>[]>> =>
      test.db.session(async (session) => {
        const named = await session.rows(
          test.db.dialect === 'sqlite'
            ? "select name from sqlite_master where type = 'table'"
            : "select tablename as name from pg_tables where schemaname = 'public'",
        )
        const all: Record<string, Record<string, unknown>[]> = {}
        for (const { name } of named)
          all[String(name)] = await session.rows(`select * from "${String(name)}"`)
        return all
      }),
    get folder(): string {
      return folder
    },
    as: <T>(actor: Actor, work: (ctx: Ctx) => Promise<T>): Promise<T> =>
      test.db.transact((tx) => work({ actor, clock, tx })),
    read: <T>(work: (ctx: ReadCtx) => Promise<T>): Promise<T> =>
      test.db.read((reader) => work({ actor: system('test'), clock, reader })),
    /** Runs every job that is due, as one process would. */
    work: (): Promise<number> =>
      openWorker(
        test.db,
        [
          ...engineJobs(engine),
          ...requestJobs(deps),
          ...notifyJobs({ transport: transport(), from: 'Privacy <privacy@desk.example>' }),
        ],
        options.log ?? openLog('silent'),
      ).drain(),
    /** What was delivered, oldest first. */
    mails: (): Promise<ParsedMail[]> => mailsIn(outbox()),
    rows: (sql: string): unknown[] => {
      const store = new Sqlite(join(folder, 'desk.db'))
      try {
        return store.prepare(sql).all()
      } finally {
        store.close()
      }
    },
    change: (sql: string): void => {
      const store = new Sqlite(join(folder, 'desk.db'))
      store.exec(sql)
      store.close()
    },
    entries: () =>
      test.db.read(async (reader) => {
        const { ledgerEntry } = ledger(reader)
        return reader.q.select().from(ledgerEntry).orderBy(ledgerEntry.seq)
      }),
    verifyLedger: () => test.db.read(verifyLedger),
  }
}

function engineOf(folder: string): EngineDeps {
  mkdirSync(join(folder, 'policies/datamap'), { recursive: true })
  writeFileSync(join(folder, 'policies/datamap/desk.yaml'), map)
  const dataMap = loadDataMap(join(folder, 'policies'), [{ name: 'desk', map: 'datamap/desk.yaml' }])
  return {
    map: dataMap,
    graph: buildGraph(dataMap),
    stores: new Map([['desk', openSqliteStore('desk', sampleStore(folder))]]),
    policyOf: () => ({ country: 'NL' }),
    spool: join(folder, 'spool'),
  }
}

function depsOf(folder: string, engine: EngineDeps, autoGrant: boolean): RequestJobDeps {
  return {
    regimes: loadRulePacks(join(policies, 'regimes')),
    letters: loadLetters(join(policies, 'letters')),
    url: 'http://localhost:8080',
    company: 'Desk B.V.',
    contact: ['Privacy office', 'privacy@desk.example'],
    autoGrant,
    packageDays: 30,
    describe(id) {
      const collection = engine.map.collections.get(id)
      const dataset = engine.map.datasets.find((d) => d.collections.some((c) => c.id === id))
      const horizon = dataset?.backupHorizon
      return (
        collection && {
          title: collection.title,
          because: collection.keep?.because,
          backupHorizon: horizon === undefined ? undefined : parseDuration(horizon),
          suppresses: collection.suppress !== undefined,
        }
      )
    },
    packages: {
      async build(order) {
        const found = await order.db.read((reader) => collected(engine, reader, order.orderId))
        const out = new Set(order.leaveOut.map((left) => left.collection))
        const collections = found
          .filter(({ collection }) => !out.has(collection.id))
          .map(
            (part): ExportCollection => ({
              store: part.collection.store,
              name: part.collection.name,
              title: part.collection.title,
              fields: part.collection.fields.map(({ name }) => ({ name })),
              rows: () => exportRows(part.rows()),
            }),
          )
        const { id } = await buildPackage(
          {
            folder: join(folder, 'packages'),
            signal: order.signal,
            checkpoint: (work) => order.checkpoint(work),
          },
          {
            id: order.id,
            expiresAt: order.expiresAt,
            content: {
              head: {
                reference: order.reference,
                language: order.language,
                timezone: parseTimeZone('Europe/Amsterdam'),
                right: 'access',
                receivedAt: order.receivedAt,
                createdAt: order.receivedAt,
                controller: { name: 'Desk B.V.', contact: ['privacy@desk.example'] },
                article15: { systems: [] },
              },
              collections,
              leftOut: order.leaveOut.map(({ collection, ground, because }) => ({
                store: collection.split('.')[0] ?? '',
                collection: collection.split('.')[1],
                count: 1,
                ground,
                because: { en: because },
              })),
            },
          },
        )
        return { packageId: id }
      },
    },
  }
}

async function* exportRows(rows: AsyncIterable<CollectedRow>): AsyncGenerator<ExportRow> {
  for await (const { link, values, redacted } of rows)
    if (link !== 'possible') yield { link: link as RowLink, values, redacted }
}

/** In the order of delivery: the clock stands still, so their dates do not tell. */
async function mailsIn(folder: string): Promise<ParsedMail[]> {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.eml'))
    .map((name) => ({ path: join(folder, name), at: statSync(join(folder, name), { bigint: true }).mtimeNs }))
    .sort((a, b) => (a.at < b.at ? -1 : 1))
  return Promise.all(files.map(({ path }) => simpleParser(readFileSync(path))))
}

/** The six digits of a mail. */
export const codeIn = (mail: ParsedMail | undefined): string =>
  /\b(\d{6})\b/.exec(mail?.text ?? '')?.[1] ?? ''
/** The token of the link in a mail. */
export const tokenIn = (mail: ParsedMail | undefined): string =>
  /\/link\/([\w-]{43})/.exec(mail?.text ?? '')?.[1] ?? ''
