import { and, asc, eq, gt, inArray, or } from 'drizzle-orm'
import type { Identity } from '../../base/identity.ts'
import { plusMs } from '../../base/instant.ts'
import type { Reader } from '../../ops/db/database.ts'
import type { OthersCount } from '../others/tables.ts'
import { type Withheld, withheldIn } from '../others/log.ts'
import { type OrderFinding, type OrderKind, type OrderStatus, type Residue, tables } from '../tables.ts'
import { type Task, tasksOf } from './tasks.ts'

export interface PlanStep {
  readonly seq: number
  readonly store: string
  /** `dataset.collection` of the data map. */
  readonly collectionId: string
  readonly collection: string
  readonly action: string
  readonly link: string
  readonly status: 'planned' | 'running' | 'done' | 'failed'
  readonly found: number
  readonly done: number
  readonly kept: number
  readonly skipped: number
  readonly ground: string | null
  readonly lastError: string | null
  readonly triedAt: string | null
}

/** What an officer sees and approves, and afterwards what came of it. Counts only: no row, no value. */
export interface Plan {
  readonly orderId: string
  readonly kind: OrderKind
  readonly status: OrderStatus
  /** Undefined until it is drawn. */
  readonly digest: string | undefined
  readonly findings: readonly OrderFinding[]
  readonly steps: readonly PlanStep[]
  /** What only people can do; an order is not done before they did. */
  readonly tasks: readonly Task[]
  /** What the verification still found; undefined before it ran. */
  readonly residue: readonly Residue[] | undefined
  /** Of an access: how often others stand in what it copies, by collection, field and kind. */
  readonly others: readonly OthersCount[]
  /** Of an access that ran: the redaction log in sums. Place by place it is `withheldOf`. */
  readonly withheld: readonly Omit<Withheld, 'row'>[]
  readonly finishedAt: string | null
}

/** Undefined when there is no such order. */
export async function planOf(reader: Reader, orderId: string): Promise<Plan | undefined> {
  const { order, step } = tables(reader)
  const [found] = await reader.q.select().from(order).where(eq(order.id, orderId))
  if (!found) return undefined
  const steps = await reader.q.select().from(step).where(eq(step.orderId, orderId)).orderBy(asc(step.seq))
  return {
    orderId,
    kind: found.kind,
    status: found.status,
    digest: found.planDigest ?? undefined,
    findings: found.findings,
    tasks: await tasksOf(reader, orderId),
    steps: steps.map(({ id: _, orderId: __, keysDigest: ___, ...shown }) => shown),
    residue: found.residue ?? undefined,
    others: found.others ?? [],
    withheld: found.kind === 'access' ? await withheldIn(reader, orderId) : [],
    finishedAt: found.finishedAt,
  }
}

/** A request that nobody proves does not freeze for ever: anybody can file one in anybody's name. */
const unprovedFreezeMs = 60 * 86_400_000

/** Whose records no purge may take now: the identities of every access order that is not closed. */
export async function openFreezes(
  reader: Reader,
): Promise<readonly { readonly origin: string; readonly identities: readonly Identity[] }[]> {
  const { order } = tables(reader)
  return reader.q
    .select({ origin: order.origin, identities: order.identities })
    .from(order)
    .where(
      and(
        eq(order.kind, 'access'),
        inArray(order.status, ['waiting', 'planning', 'planned', 'running', 'tasks', 'done', 'stopped']),
        or(eq(order.proved, true), gt(order.createdAt, plusMs(reader.now, -unprovedFreezeMs))),
      ),
    )
}
