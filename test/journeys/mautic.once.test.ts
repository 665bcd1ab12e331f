import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { buildGraph } from '../../src/datamap/graph.ts'
import { loadDataMap } from '../../src/datamap/load.ts'
import type { EngineDeps } from '../../src/engine/deps.ts'
import { checkStores } from '../../src/engine/plan/check.ts'
import { isSuppressed } from '../../src/engine/run/suppress.ts'
import { verifyLedger } from '../../src/ledger/verify.ts'
import { openStore } from '../../src/stores/open.ts'
import { askFor, freshFolder, freshName } from '../support/ask.ts'
import { fixedClock } from '../support/clock.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { policies } from '../support/desk.ts'
import { filesOf } from '../support/freepbx.ts'
import { dumpLive, mariadbSql, rowsHolding, type Sql } from '../support/live-dump.ts'
import { freshMariadb } from '../support/mariadb.ts'
import { php, phpSays, readable, stored, storeRows } from '../support/mautic.ts'
import { makeMautic } from '../support/mautic-cast.ts'
import { ann, annsStat, bobsStat, others } from '../support/mautic-people.ts'
import { mauticSchema } from '../support/mautic-schema.ts'
import { afterErasure, mauticTruth, type Truth } from '../support/mautic-truth.ts'
import { type Orders, orders } from '../support/orders.ts'
import { differences } from '../support/store-dump.ts'

const server = await askFor('mariadb')
const { missing } = server
/** A tinyint(1) as an export says it, and as the server does. */
const flags: Readonly<Record<string, string>> = { true: '1', false: '0' }
const hersOnly = [{ kind: 'email', value: ann.address }]

describe.skipIf(missing)(`Mautic on MariaDB${missing ? ` (${missing})` : ''}`, () => {
  const clock = fixedClock('2026-11-22T12:00:00Z')
  let sql: Sql
  let media: string
  let at: TestDatabase
  let deps: EngineDeps
  let office: Orders
  let truth: Truth

  beforeEach(async () => {
    const fresh = await freshMariadb(server.url as string, freshName())
    sql = await mariadbSql(fresh.url)
    media = freshFolder()
    await sql.exec(mauticSchema)
    await storeRows(sql, makeMautic(stored))
    for (const id of [12, 13, 121]) put(`images/lead_avatars/avatar${id}`, `picture of ${id}`)
    put('files/form/12/cv/bob.txt', 'the papers of Bob Vos')
    const map = loadDataMap(policies, [{ name: 'mailings', map: 'datamap/mautic.yaml' }])
    const store = openStore('mailings', { kind: 'mysql', url: fresh.url, files: media })
    deps = {
      map,
      graph: buildGraph(map),
      stores: new Map([['mailings', store]]),
      policyOf: () => ({ country: 'NL' }),
      spool: join(freshFolder(), 'spool'),
    }
    at = await testDatabase(clock)
    office = orders(at, clock, deps)
    truth = await mauticTruth(sql, ann.address, ['webhook_queue/1', 'webhook_queue/2'])
    return async () => {
      await store.close()
      await sql.close()
      await at.close()
      await fresh.close()
    }
  })
  const dump = async () => readable(sql, await dumpLive(sql, 'mysql'))
  const payloads = async () =>
    new Map(
      (await sql.rows('SELECT id, HEX(payload_compressed) AS hex FROM webhook_queue')).map((row) => [
        row['id'],
        row['hex'],
      ]),
    )
  const put = (name: string, text: string) => {
    mkdirSync(dirname(join(media, name)), { recursive: true })
    writeFileSync(join(media, name), text)
  }

  it('has what makes it hard: her number is also a company’s, a colleague’s, a form’s; two numbers are one as doubles', () => {
    expect(truth.owned.size).toBeGreaterThan(50)
    expect(truth.named.size).toBeGreaterThan(20)
    expect([...truth.shared].sort()).toEqual([
      'companies/12',
      'ip_addresses/2',
      'ip_addresses/4',
      'lead_tags/1',
      'lead_tags/2',
    ])
    expect(Number(annsStat)).toBe(Number(bobsStat))
    for (const place of [`email_stats/${annsStat}`, 'email_stats/300', 'ip_addresses/5', 'webhook_queue/2'])
      expect(truth.owned).toContain(place)
    const places = [...truth.owned, ...truth.shared]
    for (const place of [`email_stats/${bobsStat}`, 'users/12', 'form_submissions/12', 'audit_log/12'])
      expect(places).not.toContain(place)
  })

  it('is fully known to the shipped map: nothing stops a run', async () => {
    expect((await checkStores(deps)).blocked).toEqual([])
  })

  it('access holds all and only her rows, each value as it stands or as it reads, her picture, and nobody else’s address', async () => {
    const before = await dump()
    const done = await office.run(await office.planned('access', hersOnly))
    expect(done).toMatchObject({ status: 'done' })
    expect(await dump()).toEqual(before)
    const got = await office.got(done)
    expect(got.map(({ line }) => line).sort()).toEqual(
      [
        ...[...truth.owned].map((place) => `mailings.${place} owned`),
        ...[...truth.shared].map((place) => `mailings.${place} shared`),
        ...[...truth.named].map((place) => `mailings.${place} mentioned`),
      ].sort(),
    )
    for (const { line, row } of got.filter(({ row }) => row.link === 'owned')) {
      const [table, key] = (/^mailings\.(\w+)\/(\S+) /.exec(line) ?? []).slice(1) as [string, string]
      const cells = JSON.parse(before[table]?.get(key) as string) as Record<string, string | null>
      for (const [column, value] of Object.entries(row.values)) {
        const cell = cells[column] ?? null
        const says = (text: unknown) => ({ line, column, says: text })
        const isPhp = /^a:\d+:\{/.test(cell ?? '')
        const read = isPhp ? (JSON.parse(value as string) as unknown) : (flags[value as string] ?? value)
        expect(says(read)).toEqual(says(isPhp ? phpSays(cell as string) : cell))
      }
      expect(Object.keys(cells).filter((column) => !(column in row.values))).toEqual([])
    }
    expect(got.flatMap(({ row }) => row.files?.map(({ name }) => name) ?? [])).toEqual([
      'images/lead_avatars/avatar12',
    ])
    const shared = JSON.stringify(got.filter(({ row }) => row.link !== 'owned').map(({ row }) => row.values))
    expect(others.filter((other) => shared.includes(other))).toEqual([])
  })

  it('erasure leaves the whole database and the media folder exactly as one would by hand', async () => {
    const [before, files, packed] = [await dump(), new Map(filesOf(media)), await payloads()]
    const done = await office.run(await office.planned('erasure', hersOnly))
    expect(done.findings.filter((f) => ['residue', 'drift', 'hold', 'map'].includes(f.kind))).toEqual([])
    expect(done).toMatchObject({ status: 'tasks', residue: [] })
    expect(await office.attend(done)).toMatchObject({ status: 'done' })
    expect(done.steps.every((step) => step.status === 'done' && step.skipped === 0)).toBe(true)
    const after = await dump()
    expect(differences(afterErasure(before, truth), after)).toEqual([])
    const changed = differences(before, after).map(({ table, key }) => `${table}/${key}`)
    expect(changed.filter((place) => truth.named.has(place))).toHaveLength(truth.named.size)
    // Packed again only where something in it was hers: the rest to the byte.
    const now = await payloads()
    expect([...now.keys()].filter((id) => now.get(id) === packed.get(id))).toEqual(['13', '14'])
    files.delete('images/lead_avatars/avatar12')
    expect(filesOf(media)).toEqual(files)
    expect(await at.db.read(verifyLedger)).toMatchObject({ faults: [] })
  })

  it('what is PHP, JSON or compressed is that afterwards, with lengths in bytes and numbers as they were', async () => {
    await office.run(await office.planned('erasure', hersOnly))
    const after = await dump()
    const cells = Object.values(after).flatMap((rows) =>
      [...rows.values()].flatMap((row) => Object.values(JSON.parse(row) as Record<string, string | null>)),
    )
    const php = cells.filter((cell) => /^a:\d+:\{/.test(cell ?? '')).map((cell) => phpSays(cell as string))
    expect(php).toContainEqual({ friends: ['[erased]', 'Zoë'], n: 2 })
    expect(php).toContainEqual({
      '{contactfield=household}': 'met [erased] <[erased]> – Zoë',
      '{n}': 1.5,
    })
    expect(php).toContainEqual({
      fields: { household: ['', 'lives with [erased] <[erased]>'], zoë: [1, 2.5] },
      '[erased]': true,
    })
    const json = cells.filter((cell) => cell?.startsWith('{"')) as string[]
    for (const cell of json) JSON.parse(cell)
    expect(json.filter((cell) => cell.includes('9007199254740993')).length).toBe(2)
    expect(json.filter((cell) => cell.includes('1.50')).length).toBe(4)
  })

  it('nothing that names her stands anywhere, in any column or file', async () => {
    const needles = [
      ann.address,
      'ann.lee%40',
      'ann.lee\\\\u0040',
      ann.old,
      '612345678',
      '12 34 56 78',
      'Ann Lée',
    ]
    const near = ['joann.lee@post.example', '+4531612345678']
    const holding = async () => rowsHolding(await dump(), needles, near)
    expect((await holding()).length).toBeGreaterThan(35)
    await office.run(await office.planned('erasure', hersOnly))
    expect(await holding()).toEqual([])
  })

  it('the unsubscribe goes with the contact and stands all the same: an import that asks is told', async () => {
    const ask = (value: string) =>
      at.db.read((reader) => isSuppressed(reader, { list: 'marketing', kind: 'email', value }))
    expect(await ask(ann.address)).toBe(false)
    await office.run(await office.planned('erasure', hersOnly))
    expect(await ask('ANN.LEE@post.example')).toBe(true)
    expect(await ask('joann.lee@post.example')).toBe(false)
  })

  it('found by her number in any spelling it is the same plan, down to the mail of a contact that is lost', async () => {
    const shape = (plan: Awaited<ReturnType<typeof office.planned>>) =>
      plan.steps.map((s) => `${s.collection} ${s.action} ${s.found}`)
    const byMail = shape(await office.planned('erasure', hersOnly))
    const byPhone = shape(await office.planned('erasure', [{ kind: 'phone', value: '0031 (0)6-12345678' }]))
    expect(byMail).toContain('email_stats anonymise 2')
    expect(byPhone).toEqual(byMail)
  })

  it('two contacts with one address wait for a person, and lose nothing until then', async () => {
    const before = await dump()
    const plan = await office.planned('erasure', [{ kind: 'email', value: 'family@smit.example' }])
    expect(plan.steps.map((s) => `${s.collection} ${s.action} ${s.found}`).sort()).toEqual([
      'contacts decide 2',
      'do_not_contact decide 1',
      'email_stats decide 1',
    ])
    await office.run(plan)
    expect(await dump()).toEqual(before)
  })

  it('a colleague becomes a tombstone that logs in no more, and no contact changes', async () => {
    const before = await dump()
    await office.run(await office.planned('erasure', [{ kind: 'email', value: 'omar@us.example' }]))
    const after = await dump()
    expect(differences(before, after).map(({ table, key }) => `${table}/${key}`)).toEqual(['users/12'])
    expect(JSON.parse(after['users']?.get('12') as string)).toMatchObject({
      username: 'erased-12',
      password: '!',
      first_name: 'erased',
      last_name: '12',
      email: 'erased-12@invalid',
      is_published: '0',
      signature: null,
    })
  })

  it('a paper that somebody uploaded, and an entry of the audit log that a plug-in made, stop the order where they name her', async () => {
    put('files/form/12/cv/friends.csv', `name,email\nAnn,${ann.address}\n`)
    await sql.exec(`INSERT INTO audit_log (user_id, user_name, bundle, object, object_id, action, details, date_added, ip_address)
      VALUES (5, 'Eva Berg', 'plugin', 'gadget', 12, 'create', '${php([ann.address])}', '2026-03-02', '')`)
    const done = await office.run(await office.planned('erasure', hersOnly))
    expect(done.status).toBe('stopped')
    expect(done.residue?.map((r) => `${r.table}.${r.column} ${r.rows} ${r.ground}`).sort()).toEqual([
      'audit_log.details 1 null',
      'files.content 1 null',
    ])
  })

  it('what erasing sets off and what lies elsewhere is told, and a second erasure finds nothing', async () => {
    const done = await office.run(await office.planned('erasure', hersOnly))
    const told = JSON.stringify(done.findings)
    for (const word of ['audit log again', 'CRM', 'suppression list', 'CSV files', 'uploaded', 'monitored'])
      expect(told).toContain(word)
    expect(await office.planned('erasure', hersOnly)).toMatchObject({ status: 'planned', steps: [] })
  })
})
