import type { ZodType } from 'zod'
import type { Ctx, Database, Tx } from '../db/database.ts'
import type { Clock } from '../../base/clock.ts'
import type { Actor } from '../../base/actor.ts'
import type { Log } from '../log.ts'

/** What a step is given. It may be run twice: its effects must not mind. */
export interface StepRun<Input, Cursor> {
  readonly jobId: string
  readonly input: Input
  /** Where this step stopped the last time; null at its beginning. */
  readonly cursor: Cursor | null
  readonly db: Database
  readonly clock: Clock
  readonly actor: Actor
  readonly log: Log
  /** Aborted when the lease is lost or the process stops: pass it on to everything that waits. */
  readonly signal: AbortSignal
  /**
   * Does work and moves the cursor in one transaction; throws `conflict` without writing when the lease was lost.
   * This is the only way a job writes.
   */
  checkpoint<T>(work: (ctx: Ctx) => Promise<T>, cursor?: Cursor): Promise<T>
}

export interface JobDefinition<Input = unknown> {
  readonly name: string
  readonly input: ZodType<Input>
  /** Tries before the job is given to a person as `failed`; waits double from 5 s to 1 h. */
  readonly maxAttempts: number
  /** In order; the number of steps done is kept with the job. */
  readonly steps: readonly { readonly name: string; run(run: StepRun<Input, unknown>): Promise<void> }[]
  /** After the last try failed, in the transaction that marks it so. */
  readonly onFailed?: (ctx: Ctx, input: Input, code: string, error: unknown) => Promise<void>
}

/** Keeps the input's type for the steps, and forgets it for the worker. */
export const defineJob = <Input>(definition: JobDefinition<Input>): JobDefinition =>
  definition as unknown as JobDefinition

/** What a verb needs to hand work over: the transaction. */
export type InTx = Pick<Ctx, 'tx'>
export type { Tx }
