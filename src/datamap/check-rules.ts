import { type CatalogueLike, columnOf, looksPersonal, type TableLike, type TriggerLike } from './catalogue.ts'
import type { CollectionMap, Finding, Graph } from './model.ts'

/** A table that the map reads, all collections that read it, and the first place that names it. */
export interface Mapped {
  readonly table: TableLike
  readonly collections: readonly CollectionMap[]
  readonly where: string
  /** `store.table` */
  readonly id: string
}

type Say = (level: Finding['level'], message: string, hint: string) => Finding

/** What the store does by itself with rows of a mapped table, or hides of them. Once for a table. */
export function ruleFindings(
  mapped: Mapped,
  catalogue: CatalogueLike,
  graph: Graph,
  named: ReadonlySet<string>,
): Finding[] {
  const say: Say = (level, message, hint) => ({ level, where: mapped.where, message, hint })
  return [
    ...hiddenFindings(mapped, say),
    ...triggerFindings(mapped, named, say),
    ...(mapped.table.transactional || mapped.table.kind === 'view' ? [] : [engineFinding(mapped, say)]),
    ...heirFindings(mapped, say),
    ...collationFindings(mapped, graph),
    ...copyFindings(mapped, catalogue, named, say),
  ]
}

const hiddenFindings = ({ table, id }: Mapped, say: Say): Finding[] =>
  table.rowSecurity?.applies
    ? [
        say(
          'error',
          `row-level security hides rows of ${id} from this account (${table.rowSecurity.policies.join(', ') || 'no policy lets it see any'}): a search would find too little and call it nothing`,
          'Give the account BYPASSRLS, or let it own the table without FORCE ROW LEVEL SECURITY.',
        ),
      ]
    : []

const engineFinding = ({ id, table }: Mapped, say: Say): Finding =>
  say(
    'warning',
    `the engine of ${id} cannot roll back${table.engine ? ` (${table.engine})` : ''}: a failure leaves what was written`,
    'Change the table to an engine with transactions (InnoDB).',
  )

function triggerFindings(
  { table, id, collections }: Mapped,
  named: ReadonlySet<string>,
  say: Say,
): Finding[] {
  if (table.triggers.length === 0) return []
  if (!table.fires)
    return [
      say(
        'warning',
        `${id} has triggers (${table.triggers.join(', ')}), which may copy rows or change columns that no step names`,
        'Read what they do; declare the tables they write to.',
      ),
    ]
  const events = new Set<string>(collections.flatMap(eventsOf))
  return table.fires.flatMap((trigger) => {
    const unknown = trigger.writes.filter((name) => !named.has(name))
    const ours = trigger.events.some((event) => events.has(event))
    return [
      ...unknown.map((name) =>
        say(
          ours ? 'error' : 'warning',
          `the trigger ${trigger.name} of ${id} (${eventWords(trigger)}) writes to ${name}, a table the map does not name: ${ours ? 'erasing may copy there what is erased' : 'rows may have been copied there'}`,
          `Declare ${name} as a collection, with data_categories: [system.operations] when it is about nobody.`,
        ),
      ),
      ...(trigger.isOpaque
        ? [
            say(
              'warning',
              `the trigger ${trigger.name} of ${id} (${eventWords(trigger)}) calls what could not be read: what it writes is not known`,
              'Read what it does, with the TRIGGER privilege on MariaDB; declare the tables it writes to.',
            ),
          ]
        : []),
      ...(trigger.sets.length > 0 && trigger.events.includes('update')
        ? [
            say(
              'note',
              `the trigger ${trigger.name} changes ${id} (${trigger.sets.join(', ')}) whenever a row is changed, which an erasure does too`,
              'Nothing to do where that is a time stamp.',
            ),
          ]
        : []),
    ]
  })
}

const eventWords = ({ timing, events }: TriggerLike): string => `${timing} ${events.join(' or ')}`

/** What an erasure does to rows of a collection, in a trigger's words. */
const eventsOf = (c: CollectionMap): string[] =>
  c.skip || c.derived ? [] : c.erase === 'delete' ? ['delete', 'update'] : ['update']

const heirFindings = ({ table, id }: Mapped, say: Say): Finding[] =>
  (table.inheritedBy ?? []).length > 0
    ? [
        say(
          'warning',
          `${(table.inheritedBy ?? []).join(', ')} inherit${(table.inheritedBy ?? []).length === 1 ? 's' : ''} from ${id}: those rows are read and erased with it, and its key holds for each table by itself only`,
          'Make sure that no key stands in two of them.',
        ),
      ]
    : []

/** Identities in columns whose own `=` takes other letters for the same. */
const collationFindings = ({ table, id, collections }: Mapped, graph: Graph): Finding[] =>
  graph.seeds.flatMap(({ collection, field }) => {
    const read = collections.find((c) => c.id === collection)
    const collation = columnOf(table, field)?.collation
    if (!read || !collation?.ignoresAccents) return []
    return [
      {
        level: 'note',
        where: read.fields.find((f) => f.name === field)?.where ?? read.where,
        message: `${id}.${field} is compared by ${collation.name}, which takes letters with and without accents for the same: the store answers candidates, and each is confirmed letter by letter`,
        hint: 'Nothing to do.',
      },
    ]
  })

/** Materialised views over a mapped table keep what was erased until they are refreshed. */
function copyFindings(
  { table, id }: Mapped,
  catalogue: CatalogueLike,
  named: ReadonlySet<string>,
  say: Say,
): Finding[] {
  return catalogue.tables
    .filter((view) => view.materialised && !named.has(view.name) && readsOf(catalogue, view).has(table.name))
    .map((view) => {
      const personal = view.columns.map((c) => c.name).filter(looksPersonal)
      return say(
        personal.length > 0 ? 'error' : 'warning',
        `the materialised view ${view.name} keeps a copy of rows of ${id}${personal.length > 0 ? ` (${personal.join(', ')})` : ''} until it is refreshed, and the map does not name it`,
        `Declare ${view.name} with lethe: {derived: true}: it is refreshed at the end of an erasure.`,
      )
    })
}

/** Everything a view reads, through views below it. */
function readsOf(catalogue: CatalogueLike, view: TableLike): ReadonlySet<string> {
  const seen = new Set(view.reads)
  for (const name of seen)
    for (const more of catalogue.tables.find((t) => t.name === name)?.reads ?? []) seen.add(more)
  return seen
}

/** What the server as a whole means for the map. */
export function serverFindings(
  store: string,
  catalogue: CatalogueLike,
  mapped: readonly Mapped[],
): Finding[] {
  const { server } = catalogue
  if (!server) return []
  const say: Say = (level, message, hint) => ({ level, where: `store ${store}`, message, hint })
  const wall = mapped.flatMap(({ table, collections }) =>
    table.columns
      .filter((column) => column.zoned === false && collections.some((c) => isRead(c, column.name)))
      .map((column) => `${table.name}.${column.name}`),
  )
  return [
    ...(server.isStrict
      ? []
      : [
          say(
            'note',
            `the server of ${store} is not in strict mode: other sessions cut values that are too long and turn NULL into ''`,
            'Nothing to do: our own sessions are strict.',
          ),
        ]),
    ...(server.canSeeTriggers
      ? []
      : [
          say(
            'warning',
            `the account of ${store} may not read triggers: what they copy or change is not known`,
            'Grant it TRIGGER on the database.',
          ),
        ]),
    ...(wall.length > 0
      ? [
          say(
            'note',
            `times without a zone in ${store}: ${wall.slice(0, 5).join(', ')}${wall.length > 5 ? ` and ${wall.length - 5} more` : ''}; the server's own clock reads ${server.zone}`,
            'They are read in `timezone` of stores.yaml (UTC unless said), or of the field: make sure that it is theirs.',
          ),
        ]
      : []),
  ]
}

/** Without a zone of its own in the map. */
const isRead = (c: CollectionMap, column: string): boolean =>
  c.fields.some((f) => f.name === column && f.timezone === undefined) || c.keep?.from === column
