import { join } from 'node:path'
import { expect, test } from 'vitest'
import { columnsNamed } from '../../src/datamap/coverage.ts'
import { buildGraph, reachable } from '../../src/datamap/graph.ts'
import { stronger, weaker } from '../../src/datamap/links.ts'
import { loadDataMap } from '../../src/datamap/load.ts'
import type { DataMap, Graph, Link } from '../../src/datamap/model.ts'

const shipped = (name: string): DataMap =>
  loadDataMap(join(import.meta.dirname, '../../policies'), [{ name, map: `datamap/${name}.yaml` }])

/** The strongest claim on rows of each collection along any way that avoids `without`. */
function claims(graph: Graph, without: readonly string[] = []): ReadonlyMap<string, Link> {
  const best = new Map<string, Link>()
  const take = (id: string, link: Link): boolean => {
    const before = best.get(id)
    const after = before ? stronger(before, link) : link
    if (without.includes(id) || before === after) return false
    best.set(id, after)
    return true
  }
  for (const seed of graph.seeds) take(seed.collection, seed.link)
  for (let again = true; again; ) {
    again = false
    for (const e of graph.edges) {
      const link = best.get(e.from)
      if (link && take(e.to, weaker(link, e.link))) again = true
    }
  }
  return best
}

test.each(['request-tracker', 'kamailio', 'osticket', 'freepbx', 'listmonk', 'zammad', 'mautic'])(
  '%s leaves nothing open: no warning, every purpose and basis said',
  (name) => {
    const map = shipped(name)
    expect(map.warnings).toEqual([])
    expect(map.collections.size).toBeGreaterThan(4)
  },
)

const rt = () => buildGraph(shipped('request-tracker'))
const of = (map: ReadonlyMap<string, Link>, name: string) => map.get(`request_tracker.${name}`)

test('in Request Tracker a ticket is hers as requestor, shared as watcher or mere creator', () => {
  expect(of(claims(rt()), 'tickets')).toBe('owned')
  const watcher = claims(rt(), ['request_tracker.requestor_groups'])
  expect(of(watcher, 'tickets')).toBe('shared')
  expect(of(watcher, 'ticket_custom_fields')).toBe('shared')
  expect(of(watcher, 'links')).toBe('shared')
})

test('in Request Tracker what she wrote is hers in any ticket, and her ticket does not make others’ messages hers', () => {
  const graph = rt()
  expect(of(claims(graph), 'ticket_transactions')).toBe('owned')
  expect(of(claims(graph), 'attachments')).toBe('owned')
  const byTicket: Graph = { ...graph, edges: graph.edges.filter((e) => e.toField !== 'creator') }
  expect(of(claims(byTicket), 'ticket_transactions')).toBe('shared')
  const others = claims(byTicket, ['request_tracker.user_transactions'])
  expect(of(others, 'attachments')).toBe('shared')
  expect(of(others, 'transaction_custom_fields')).toBe('shared')
  expect(of(others, 'transaction_attributes')).toBe('shared')
})

test('in Request Tracker the rows that others point at stay, and every polymorphic table is read by type', () => {
  const all = [...shipped('request-tracker').collections.values()]
  const deleted = new Set(all.filter((c) => c.erase === 'delete').map((c) => c.table))
  expect([...deleted].sort()).toEqual([
    'attachments',
    'attributes',
    'authtokens',
    'objectcustomfieldvalues',
    'sessions',
  ])
  const polymorphic = all.filter((c) => c.fields.some((f) => f.name === 'objecttype'))
  expect(polymorphic).toHaveLength(8)
  expect(polymorphic.filter((c) => c.rows['objecttype']?.length !== 1)).toEqual([])
})

test('in Request Tracker only login sessions cannot be reached from a person', () => {
  const graph = rt()
  const seen = reachable(graph)
  expect(graph.eraseOrder.filter((id) => !seen.has(id))).toEqual(['request_tracker.sessions'])
})

test('in Kamailio a reading of one side of a call cannot touch the other side', () => {
  const party = [...shipped('kamailio').collections.values()].map((c) => [
    c.name,
    columnsNamed(c).filter((column) => /^(src|dst)_/.test(column)),
  ])
  const made = ['src_user', 'src_domain', 'src_ip']
  const received = ['dst_user', 'dst_domain']
  expect(Object.fromEntries(party)).toEqual({
    calls_made: made,
    calls_dialled: ['dst_ouser'],
    calls_received: received,
    missed_made: made,
    missed_dialled: ['dst_ouser'],
    missed_received: received,
    cdrs: [],
  })
})

test('in osTicket every polymorphic table is read by type, and only the desk’s own rows cannot be reached from a person', () => {
  const graph = buildGraph(shipped('osticket'))
  const seen = reachable(graph)
  expect(graph.eraseOrder.filter((id) => !seen.has(id)).sort()).toEqual(
    ['desk_attachments', 'organization_cdata', 'saved_searches', 'system_log'].map(
      (name) => `osticket.${name}`,
    ),
  )
  const types: Readonly<Record<string, string>> = {
    ost_form_entry: 'object_type',
    ost_thread: 'object_type',
    ost_task: 'object_type',
    ost__search: 'object_type',
    ost_attachment: 'type',
    ost_thread_event: 'uid_type',
  }
  const polymorphic = [...shipped('osticket').collections.values()].filter((c) => c.table in types)
  expect(polymorphic).toHaveLength(15)
  expect(polymorphic.filter((c) => c.rows[types[c.table] as string] === undefined)).toEqual([])
})

test('in osTicket her ticket makes what our staff wrote in it hers, another’s ticket does not', () => {
  const graph = buildGraph(shipped('osticket'))
  const asCollaborator: Graph = {
    ...graph,
    edges: graph.edges.filter((e) => e.toField !== 'user_id' || e.to === 'osticket.collaborations'),
  }
  const claim = (way: Graph, name: string) => claims(way).get(`osticket.${name}`)
  for (const name of ['entries', 'attachments', 'files', 'file_chunks', 'staff_events', 'search_entries']) {
    expect(claim(graph, name), name).toBe('owned')
    expect(claim(asCollaborator, name), name).toBe('shared')
  }
  expect(claim(graph, 'tasks')).toBe('shared')
})

test('in FreePBX every table leads to every other by the call', () => {
  const graph = buildGraph(shipped('freepbx'))
  const tables = ['calls', 'recent_calls', 'events', 'queue_events'].map((name) => `freepbx.${name}`)
  for (const table of tables) {
    const seen = new Set([table])
    for (const id of seen) for (const edge of graph.edges) if (edge.from === id) seen.add(edge.to)
    expect([...seen].sort(), table).toEqual([...tables].sort())
  }
})

test('in listmonk nothing deletes a link, a mailing or a list: other people’s clicks hang on them', () => {
  const all = [...shipped('listmonk').collections.values()]
  expect(
    all
      .filter((c) => c.erase === 'delete')
      .map((c) => c.table)
      .sort(),
  ).toEqual(['bounces', 'sessions', 'subscriber_lists', 'subscribers'])
  expect(
    all
      .filter((c) => c.derived)
      .map((c) => c.table)
      .sort(),
  ).toEqual(['mat_dashboard_charts', 'mat_dashboard_counts', 'mat_list_subscriber_stats'])
})

test('in Zammad every column that numbers of several kinds stand in is read by what they stand for', () => {
  const numbered = /^(o_id|deletable_id|stats_storable_id)$/
  const loose = [...shipped('zammad').collections.values()].flatMap((c) =>
    c.fields
      .filter((f) => numbered.test(f.name) && f.references.length > 0)
      .filter(() => Object.keys({ ...c.rows, ...c.lookups }).length === 0)
      .map((f) => `${c.name}.${f.name}`),
  )
  expect(loose).toEqual([])
})

test('in Zammad a ticket makes the answers of agents hers, never what another customer wrote', () => {
  const graph = buildGraph(shipped('zammad'))
  const articles = shipped('zammad').collections.get('zammad.ticket_articles')
  expect(articles?.author).toEqual({ field: 'created_by_id', unless: { sender_id: ['1', '3'] } })
  const edges = graph.edges.filter((e) => e.to !== 'zammad.tickets' || e.toField !== 'customer_id')
  expect(claims({ ...graph, edges }).get('zammad.tickets')).toBe('shared')
  expect(claims(graph).get('zammad.tickets')).toBe('owned')
  expect(claims(graph).get('zammad.organizations')).toBe('shared')
})

test('in Mautic a contact leads to every table of people, and what nobody leads to is searched for her all the same', () => {
  const map = shipped('mautic')
  const graph = buildGraph(map)
  const seen = reachable(graph)
  const lost = graph.eraseOrder.filter((id) => !seen.has(id))
  expect(lost.map((id) => id.replace('mautic.', '')).sort()).toEqual([
    'company_sync_changes',
    'imports',
    'notifications',
    'other_audit',
    'segments',
  ])
  for (const id of lost)
    expect(
      map.collections.get(id)?.fields.some((f) => f.freeText),
      id,
    ).toBe(true)
  for (const [name, claim] of claims(graph, ['mautic.users']))
    expect(`${name} ${claim}`).toBe(
      `${name} ${['mautic.companies', 'mautic.tags'].includes(name) ? 'shared' : 'owned'}`,
    )
})

test('in Mautic a number is a contact’s only where the row says so', () => {
  const reading = (table: string, column: string) =>
    [...shipped('mautic').collections.values()]
      .filter((c) => c.table === table && c.fields.find((f) => f.name === column)?.link === 'owned')
      .map((c) => c.rows)
  expect(reading('audit_log', 'object_id')).toEqual([{ object: ['lead'] }, { object: ['note'] }])
  expect(reading('sync_object_mapping', 'internal_object_id')).toEqual([{ internal_object_name: ['lead'] }])
  expect(reading('sync_object_field_change_report', 'object_id')).toEqual([
    { object_type: ['Mautic\\LeadBundle\\Entity\\Lead'] },
  ])
})
