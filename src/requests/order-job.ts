import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { type Plan, planOf } from '../engine/order/show.ts'
import { append } from '../ledger/append.ts'
import type { Ctx } from '../ops/db/database.ts'
import { defineJob, type JobDefinition, type StepRun } from '../ops/jobs/define.ts'
import { answerAccess, answerErasure, packageLivesMs } from './answer.ts'
import { plusMs } from '../base/instant.ts'
import { type Case, holdCaseOfOrder, readCase } from './case.ts'
import { decide, runPlan } from './decide.ts'
import type { RequestJobDeps } from './deps.ts'
import { addEvent } from './events.ts'
import { approvalOf, decisionOf, statusOf } from './status.ts'
import { tables } from './tables.ts'
import type { OrderEvent } from './types.ts'
import { voidApproval } from './void.ts'

const input = z.object({ orderId: z.string(), event: z.enum(['planned', 'drifted', 'done', 'stopped']) })
type Run = StepRun<z.output<typeof input>, unknown>

/**
 * `request.order`: what the engine tells about an order. 1. put it down and draw the consequence, in one transaction; 2. for
 * access, build the package and answer. Killed between them, the second step finds by the rows what is left to do.
 */
export const orderJob = (deps: RequestJobDeps): JobDefinition =>
  defineJob({
    name: 'request.order',
    input,
    maxAttempts: 10,
    steps: [
      { name: 'record', run: (run) => run.checkpoint((ctx) => record(ctx, run, deps)) },
      { name: 'answer', run: (run) => answer(run, deps) },
    ],
    async onFailed(ctx, { orderId }, code) {
      const file = await holdCaseOfOrder(ctx, orderId)
      if (!file || file.endings.length > 0 || file.answers.length > 0) return
      await addEvent(ctx, file.request.id, { event: 'stopped' })
      await append(ctx, {
        type: 'request.stopped',
        subject: `request:${file.request.reference}`,
        body: { code },
      })
    },
  })

async function record(ctx: Ctx, run: Run, deps: RequestJobDeps): Promise<void> {
  const { orderId, event } = run.input
  const file = await holdCaseOfOrder(ctx, orderId)
  if (!file || file.endings.length > 0) return
  const plan = await planOf(ctx.tx, orderId)
  if (overtaken(event, plan)) return
  const digest = plan?.digest
  const isNew = await addEvent(ctx, file.request.id, { event, planDigest: digest, id: run.jobId })
  if (!isNew) return
  if (event === 'planned' || event === 'drifted') return planStands(ctx, file, event, plan, deps)
  if (event === 'done' && file.request.right === 'erasure') await answerErasure(ctx, file, plan, deps)
}

/** Told late: a newer proof, a grant or a retry sent the order on already, and its own word about that will come. */
function overtaken(event: OrderEvent, plan: Plan | undefined): boolean {
  switch (event) {
    case 'planned':
    case 'drifted':
      return plan?.status !== 'planned'
    case 'done':
    case 'stopped':
      return plan?.status !== event
  }
}

async function planStands(
  ctx: Ctx,
  file: Case,
  event: 'planned' | 'drifted',
  plan: Plan | undefined,
  deps: RequestJobDeps,
): Promise<void> {
  if (approvalOf(file)?.digest !== plan?.digest)
    await voidApproval(ctx, file, event === 'drifted' ? 'drift' : 'another plan')
  const { request } = file
  if (request.right !== 'access') return
  if (decisionOf(file)) return runPlan(ctx, file, plan)
  if (deps.autoGrant && grantsItself(file, plan))
    await decide(ctx, { reference: request.reference, outcome: 'grant' }, deps)
}

/**
 * Nobody has to look: every e-mail address she named is proved, so that no later proof comes too late for this package, and the
 * plan has nothing that a person decides.
 */
function grantsItself(file: Case, plan: Plan | undefined): boolean {
  const proved = new Set(file.verifications.map((row) => row.identityId))
  const waits = file.identities.some((row) => row.kind === 'email' && !proved.has(row.id))
  const harmless =
    plan?.findings.every(({ kind }) => kind === 'unindexed-scan' || kind === 'candidate') ?? false
  return !waits && harmless && (plan?.steps.every((step) => step.action !== 'decide') ?? false)
}

/** Access: the package is built outside any transaction, and the answer says where it is. */
async function answer(run: Run, deps: RequestJobDeps): Promise<void> {
  const due = await run.db.read(async (reader) => {
    const found = await caseToAnswer(run, reader)
    return found && { file: found, now: reader.now }
  })
  if (!due) return
  const { request } = due.file
  const decision = decisionOf(due.file)
  const leaveOut = (decision?.leaveOut ?? []).map((collection) => ({
    collection,
    ground: decision?.ground ?? '',
    because: decision?.reason ?? '',
  }))
  const { packageId } = await deps.packages.build({
    id: request.id,
    orderId: request.orderId,
    reference: request.reference,
    regime: request.regime,
    language: request.language,
    receivedAt: request.receivedAt,
    expiresAt: plusMs(due.now, packageLivesMs(deps)),
    leaveOut,
    db: run.db,
    signal: run.signal,
    checkpoint: (work) => run.checkpoint(work),
  })
  await run.checkpoint(async (ctx) => {
    const file = await holdCaseOfOrder(ctx, run.input.orderId)
    if (!file || !isToAnswer(file)) return
    const plan = await planOf(ctx.tx, file.request.orderId)
    await answerAccess(ctx, file, { packageId, plan }, deps)
  })
}

async function caseToAnswer(run: Run, reader: Parameters<typeof readCase>[0]): Promise<Case | undefined> {
  const { request } = tables(reader)
  const [row] = await reader.q
    .select({ reference: request.reference })
    .from(request)
    .where(eq(request.orderId, run.input.orderId))
  const file = row && (await readCase(reader, row.reference))
  return file && isToAnswer(file) ? file : undefined
}

const isToAnswer = (file: Case): boolean =>
  file.request.right === 'access' && statusOf(file) === 'fulfilling' && file.events.at(-1)?.event === 'done'
