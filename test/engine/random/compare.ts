import type { Plan } from '../../../src/engine/order/show.ts'
import { hasCircle } from './oracle/circles.ts'
import { blindToNames, copy } from './oracle/copy.ts'
import { accessSteps, erase, erasureSteps, type Step } from './oracle/erase.ts'
import { locate } from './oracle/locate.ts'
import { refusals } from './oracle/refusals.ts'
import { residue } from './oracle/residue.ts'
import { lines } from './places.ts'
import type { Dump, Outcome } from './run.ts'
import type { World } from './world.ts'

/** What became of a world: only so that a run can show that its worlds are not all of one sort. */
export type Fate =
  | 'erased'
  | 'residue'
  | 'refused by the check'
  | 'refused by the rows'
  | 'refused in a circle'

export interface Verdict {
  readonly fate: Fate
  /** Where engine and oracle disagree, in words. */
  readonly disagreements: readonly string[]
}

export function compare(world: World, outcome: Outcome): Verdict {
  const before = dumpOf(world)
  const located = locate(world)
  const found: string[] = [
    ...same('access plan', stepLines(accessSteps(located)), planLines(outcome.access.plan)),
    ...same('access', ['done'], [outcome.access.plan.status]),
    ...same(
      'copy',
      blindToNames(world, located, copy(world, located)).map(rowLine),
      blindToNames(world, located, outcome.access.rows).map(rowLine),
    ),
    ...sameDump('access changed', before, outcome.access.dump),
    ...same('erasure plan', stepLines(erasureSteps(located)), planLines(outcome.erasure.planned)),
  ]
  const forbidden = refusals(world)
  const { world: after, impossible } = erase(world, located)
  const blocked = outcome.erasure.planned.findings.filter((f) => f.kind === 'map').map((f) => f.message)
  const reasons = [...forbidden, ...impossible]
  const isRefused = reasons.length > 0 || (hasCircle(world) && blocked.length > 0)
  if (isRefused !== blocked.length > 0)
    found.push(`refusals: the plan says ${JSON.stringify(blocked)}, expected ${JSON.stringify(reasons)}`)
  if (isRefused) {
    found.push(
      ...same('impossible erasure', ['stopped'], [outcome.erasure.done.status]),
      ...sameDump('impossible erasure', before, outcome.erasure.dump),
    )
    return {
      fate:
        forbidden.length > 0
          ? 'refused by the check'
          : impossible.length > 0
            ? 'refused by the rows'
            : 'refused in a circle',
      disagreements: found,
    }
  }
  const left = residue(after, located)
  const isOpen = left.some((l) => l.ground === null)
  const { done } = outcome.erasure
  found.push(
    ...same('erasure', [isOpen ? 'stopped' : 'done'], [done.status]),
    ...sameDump('erasure', dumpOf(after), outcome.erasure.dump),
    ...same('residue', left.map(asLine), (done.residue ?? []).map(asLine)),
    ...same(
      'rows skipped',
      [],
      done.steps.filter((s) => s.skipped > 0).map((s) => `${s.collectionId} ${s.action} ${s.skipped}`),
    ),
    ...again(after, located.lines, outcome),
  )
  return { fate: isOpen ? 'residue' : 'erased', disagreements: found }
}

/** The same request once more finds what is still reached, and changes nothing. */
function again(after: World, lines: ReadonlySet<string>, outcome: Outcome): string[] {
  if (!outcome.again) return ['there was no second erasure']
  const located = locate(after, lines)
  const steps = erasureSteps(located)
  return [
    ...same('second plan', stepLines(steps), planLines(outcome.again.planned)),
    ...sameDump('second erasure', dumpOf(erase(after, located).world), outcome.again.dump),
    ...same(
      'second erasure deletes',
      [],
      steps.filter((s) => s.action === 'delete').map((s) => s.collection.id),
    ),
  ]
}

const dumpOf = (world: World): Dump =>
  Object.fromEntries(world.tables.map((t) => [`${t.store}.${t.name}`, lines(t, t.rows)]))

const stepLines = (steps: readonly Step[]): string[] =>
  steps.map((s) => `${s.collection.id} ${s.action} ${s.rows.length}`)
const planLines = (plan: Plan): string[] => plan.steps.map((s) => `${s.collectionId} ${s.action} ${s.found}`)
const asLine = (value: unknown): string => {
  const { store, table, column, rows, ground } = value as Record<string, string>
  return `${store}.${table}.${column} ${rows} ${ground}`
}
const rowLine = (row: Outcome['access']['rows'][number]): string =>
  `${row.collection} ${row.place} ${row.link} ${JSON.stringify(Object.entries(row.values).sort(([a], [b]) => (a < b ? -1 : 1)))} without ${[...row.redacted].sort().join()}`

function same(what: string, expected: readonly string[], got: readonly string[]): string[] {
  const rest = [...got]
  const missing = expected.filter((line) => {
    const at = rest.indexOf(line)
    if (at >= 0) rest.splice(at, 1)
    return at < 0
  })
  return [
    ...missing.map((line) => `${what}: missing ${line}`),
    ...rest.map((line) => `${what}: too much ${line}`),
  ]
}

const sameDump = (what: string, expected: Dump, got: Dump): string[] =>
  Object.keys(expected).flatMap((table) => same(`${what}, ${table}`, expected[table] ?? [], got[table] ?? []))
