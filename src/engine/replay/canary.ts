import { eq } from 'drizzle-orm'
import { z } from 'zod'
import type { Instant } from '../../base/instant.ts'
import { append } from '../../ledger/append.ts'
import type { Ctx, Database, Reader } from '../../ops/db/database.ts'
import { defineJob, type JobDefinition } from '../../ops/jobs/define.ts'
import { isStoreError } from '../../stores/errors.ts'
import { isTelling, rowsBack } from './back.ts'
import type { ErasureKeep } from './forget.ts'
import { erasuresSince } from './load.ts'
import { type SearchDeps, searchOf, searchStore } from './search.ts'
import { type CanaryState, tables } from './tables.ts'

/** What a store says of itself: whether rows stand in it that a receipt says are gone. */
export interface Canary {
  readonly store: string
  readonly state: CanaryState
  readonly rows: number
  /** Restored from a backup of before this moment; what `--since` takes when nobody knows better. */
  readonly before: Instant | null
}

export interface ReplayDeps extends SearchDeps {
  /** How long the erasure ledger is kept; without it nothing is forgotten. */
  readonly erasureKeep?: ErasureKeep
  /** Where each erasure is written beside the database, as hashes. */
  readonly erasureFile?: string
  /** Tells the officers, in the transaction that makes it known. */
  readonly alarm?: (ctx: Ctx, canary: Canary) => Promise<void>
}

/** Reads a store's keys against the erasure ledger, nothing else, and answers whether it went back in time. Writes nothing. */
export async function lookAtStore(
  deps: ReplayDeps,
  db: Database,
  input: { readonly store: string; readonly since?: Instant; readonly signal?: AbortSignal },
): Promise<Canary> {
  const { store, signal } = input
  const erasures = await db.read((reader) => erasuresSince(reader, input))
  const none = { store, rows: 0, before: null }
  const search = await searchOf(deps, db.keys, { store, erasures, signal })
  if (!erasures.some((erasure) => isTelling(search, erasure))) return { ...none, state: 'unknown' }
  const back = [...rowsBack(await searchStore(search, { carriers: false }), search).values()].flat()
  if (back.length === 0) return { ...none, state: 'clear' }
  const before = back.map(({ at }) => at).reduce((a, b) => (a < b ? a : b))
  return { store, state: 'back', rows: back.length, before }
}

export const canaryJobName = 'engine.canary'

/**
 * `engine.canary`: once a day, and after each replay, looks at every store or one. A store in which erased rows stand again was
 * restored from a backup: said once in the ledger and to the officers, and shown until it is over.
 */
export const canaryJob = (deps: ReplayDeps): JobDefinition =>
  defineJob({
    name: canaryJobName,
    input: z.object({ store: z.string().optional() }),
    maxAttempts: 5,
    steps: [
      {
        name: 'look',
        async run(run) {
          const { store } = run.input
          const mapped = new Set(deps.map.datasets.map((dataset) => dataset.store))
          const failed: unknown[] = []
          for (const name of store === undefined ? mapped : [store])
            try {
              const seen = await lookAtStore(deps, run.db, { store: name, signal: run.signal })
              await run.checkpoint((ctx) => keepCanary(ctx, deps, seen))
            } catch (error) {
              // One that is down does not keep us from looking at the others; the next try looks at all of them again.
              if (!isStoreError(error)) throw error
              failed.push(error)
            }
          if (failed.length > 0) throw failed[0]
        },
      },
    ],
  })

/** Puts down what was seen; a change is an entry of the ledger, and an alarm where the store went back. */
export async function keepCanary(ctx: Ctx, deps: ReplayDeps, seen: Canary): Promise<void> {
  const { canary } = tables(ctx.tx)
  await ctx.tx.lock('canary')
  const [known] = await ctx.tx.q.select().from(canary).where(eq(canary.store, seen.store))
  const isNews = known?.state !== seen.state
  const row = {
    state: seen.state,
    rows: seen.rows,
    before: seen.before,
    checkedAt: ctx.tx.now,
    since: isNews ? ctx.tx.now : known.since,
  }
  await ctx.tx.q
    .insert(canary)
    .values({ store: seen.store, ...row })
    .onConflictDoUpdate({ target: canary.store, set: row })
  if (!isNews || (seen.state !== 'back' && known?.state !== 'back')) return
  await append(ctx, {
    type: seen.state === 'back' ? 'replay.alarm' : 'replay.cleared',
    subject: `store:${seen.store}`,
    body: { rows: seen.rows, before: seen.before },
  })
  if (seen.state === 'back') await deps.alarm?.(ctx, seen)
}

/** Stores that seem restored, as they were seen last. */
export async function wentBack(
  reader: Reader,
): Promise<readonly { readonly store: string; readonly rows: number; readonly before: Instant }[]> {
  return (await canaries(reader)).flatMap(({ store, state, rows, before }) =>
    state === 'back' && before !== null ? [{ store, rows, before }] : [],
  )
}

/** As they were seen last, those that went back first. */
export async function canaries(
  reader: Reader,
): Promise<readonly (Canary & { readonly checkedAt: Instant })[]> {
  const { canary } = tables(reader)
  const rows = await reader.q.select().from(canary).orderBy(canary.store)
  return rows
    .map(({ store, state, rows: count, before, checkedAt }) => ({
      store,
      state,
      rows: count,
      before,
      checkedAt,
    }))
    .sort((a, b) => Number(b.state === 'back') - Number(a.state === 'back'))
}
