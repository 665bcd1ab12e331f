import { localDateAt, laterOf } from '../base/calendar.ts'
import { addDuration } from '../base/duration.ts'
import { newId } from '../base/ids.ts'
import { epochMs, type LocalDate, plusMs } from '../base/instant.ts'
import { inLanguage } from '../base/words.ts'
import type { Plan, PlanStep } from '../engine/order/show.ts'
import { append } from '../ledger/append.ts'
import type { Ctx } from '../ops/db/database.ts'
import { enqueue } from '../ops/jobs/enqueue.ts'
import type { Case } from './case.ts'
import { newChallenge } from './challenge.ts'
import { reasonLines } from './decide.ts'
import type { RequestJobDeps } from './deps.ts'
import { citedGround, grounds } from './grounds.ts'
import { provedEmail, sendLetter } from './mailing.ts'
import { linkTo } from './send-code.ts'
import { decisionOf } from './status.ts'
import { tables } from './tables.ts'

/** A package, its link and the open case last this long after the answer (law.md A6). */
export const packageLivesMs = (deps: RequestJobDeps): number => deps.packageDays * 24 * 3_600_000

/**
 * Answers an access request (Art. 15): the letter says where the package waits, what was left out and why. She confirms once
 * more before she downloads it. Ledger: `request.answered`.
 */
export async function answerAccess(
  ctx: Ctx,
  file: Case,
  input: { readonly packageId: string; readonly plan: Plan | undefined },
  deps: RequestJobDeps,
): Promise<void> {
  const { request } = file
  await keepAnswer(ctx, file, { packageId: input.packageId, plan: input.plan }, deps)
  const link = await linkOrPortal(ctx, file, deps)
  const expires = localDateAt(plusMs(ctx.tx.now, packageLivesMs(deps)), file.clock.timezone)
  const decision = decisionOf(file)
  if (decision?.outcome !== 'part')
    return sendLetter(ctx, file, { letter: 'answer-access', key: 'answer', values: { link, expires } }, deps)
  const out = new Set(decision.leaveOut)
  const given = (input.plan?.steps ?? []).filter((step) => !out.has(step.collectionId))
  const values = {
    granted: counted(given, (step) => step.found, deps, request.language),
    reasons: [...reasonsOf(decision, request), ...titlesOf(decision.leaveOut, deps, request.language)],
    link,
    expires,
  }
  await sendLetter(ctx, file, { letter: 'partly', key: 'answer', values }, deps)
}

/**
 * Answers an erasure (Art. 17): what was erased, what is kept on which ground, the day the last backup copy is gone, and that an
 * address was put on the do-not-mail list. Ledger: `request.answered`.
 */
export async function answerErasure(
  ctx: Ctx,
  file: Case,
  plan: Plan | undefined,
  deps: RequestJobDeps,
): Promise<void> {
  const { language } = file.request
  const steps = plan?.steps ?? []
  await keepAnswer(ctx, file, { packageId: null, plan }, deps)
  const changed = steps.filter((step) => step.action !== 'keep' && step.action !== 'decide' && step.done > 0)
  const decision = decisionOf(file)
  const values = {
    erased: counted(changed, (step) => step.done, deps, language),
    kept: [
      ...(decision?.outcome === 'part' ? reasonsOf(decision, file.request) : []),
      ...keptLines(steps, file.request, deps),
    ],
    backupDate: lastBackup(ctx, file, changed, deps),
    suppression: titlesOf(
      changed.map((step) => step.collectionId).filter((id) => deps.describe(id)?.suppresses),
      deps,
      language,
    ).join(', '),
  }
  await sendLetter(ctx, file, { letter: 'answer-erasure', key: 'answer', values }, deps)
}

async function keepAnswer(
  ctx: Ctx,
  { request }: Case,
  { packageId, plan }: { readonly packageId: string | null; readonly plan: Plan | undefined },
  deps: RequestJobDeps,
): Promise<void> {
  const { tx } = ctx
  await tx.q
    .insert(tables(tx).answer)
    .values({ id: newId(epochMs(tx.now)), requestId: request.id, packageId, at: tx.now })
  const steps = plan?.steps ?? []
  const sum = (of: 'done' | 'kept') => steps.reduce((rows, step) => rows + step[of], 0)
  const rows = { done: sum('done'), kept: sum('kept') }
  const body = { right: request.right, package: packageId ?? undefined, rows }
  await append(ctx, { type: 'request.answered', subject: `request:${request.reference}`, body })
  const runAfter = plusMs(tx.now, packageLivesMs(deps))
  await enqueue(tx, {
    name: 'request.close',
    key: request.reference,
    input: { reference: request.reference },
    runAfter,
  })
}

/** A link that lasts as long as the package, for whom we can mail; else the portal's address, for the letter by post. */
async function linkOrPortal(ctx: Ctx, file: Case, deps: RequestJobDeps): Promise<string> {
  const { request } = file
  const identity = provedEmail(file)
  if (!identity) return `${deps.url}/${request.language}`
  const challenge = { requestId: request.id, identityId: identity.id, purpose: 'status' as const }
  const { token } = await newChallenge(ctx, {
    ...challenge,
    linkLivesMs: packageLivesMs(deps),
    unlimited: true,
  })
  return linkTo(deps, request.language, token)
}

function titleOf(deps: RequestJobDeps, collectionId: string, language: string): string {
  const words = deps.describe(collectionId)
  return words ? inLanguage(words.title, language) : collectionId
}

const titlesOf = (ids: readonly string[], deps: RequestJobDeps, language: string): string[] => [
  ...new Set(ids.map((id) => titleOf(deps, id, language))),
]

/** `Tickets: 3`, one line a title; a title without rows is left out. */
function counted(
  steps: readonly PlanStep[],
  rows: (step: PlanStep) => number,
  deps: RequestJobDeps,
  language: string,
): string[] {
  const sums = new Map<string, number>()
  for (const step of steps) {
    const title = titleOf(deps, step.collectionId, language)
    sums.set(title, (sums.get(title) ?? 0) + rows(step))
  }
  return [...sums].filter(([, sum]) => sum > 0).map(([title, sum]) => `${title}: ${sum}`)
}

/** `Invoices: 2. The tax law obliges us …`; what stays without a reason of the map names its ground at least. */
function keptLines(
  steps: readonly PlanStep[],
  { language, regime }: Case['request'],
  deps: RequestJobDeps,
): string[] {
  const { pack } = deps.regimes.regime(regime)
  return steps
    .map((step) => ({ step, rows: step.action === 'keep' ? Math.max(step.kept, step.found) : step.kept }))
    .filter(({ step, rows }) => rows > 0 && step.action !== 'decide')
    .map(({ step, rows }) => {
      const because = deps.describe(step.collectionId)?.because
      const ground = citedGround(step.ground, pack)
      const why = because ?? ground?.title
      const said = why ? `. ${inLanguage(why, language)}` : ''
      return `${titleOf(deps, step.collectionId, language)}: ${rows}${said}${ground?.article ? ` (${ground.article})` : ''}`
    })
}

/** The ground and article as they were when it was decided. */
function reasonsOf(
  { ground, article, reason }: Case['decisions'][number],
  { language }: Case['request'],
): string[] {
  const title = grounds.find((known) => known.id === ground)?.title
  return reasonLines(title && article !== null ? { title, article } : undefined, reason, language)
}

/** The day the last backup copy of what was erased is gone; empty where no backup is known of. */
function lastBackup(
  ctx: Ctx,
  { clock }: Case,
  changed: readonly PlanStep[],
  deps: RequestJobDeps,
): LocalDate | undefined {
  const today = localDateAt(ctx.tx.now, clock.timezone)
  const ends = changed.flatMap((step) => {
    const horizon = deps.describe(step.collectionId)?.backupHorizon
    return horizon ? [addDuration(today, horizon)] : []
  })
  const [first, ...rest] = ends
  return first && laterOf(first, ...rest)
}
