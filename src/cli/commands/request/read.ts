import type { Command } from 'commander'
import { rights } from '../../../base/right.ts'
import { listRequests, type RequestRow } from '../../../requests/list.ts'
import { type RequestFile, showRequest } from '../../../requests/show.ts'
import { statuses } from '../../../requests/types.ts'
import { answer, columns, type Common, type Io } from '../../io.ts'
import { look, withBase } from '../../open.ts'
import { collect, parseWhole, parseWord } from '../../parse.ts'

interface List extends Common {
  readonly status?: readonly string[]
  readonly right?: string
  readonly overdue?: boolean
  readonly find?: string
  readonly cursor?: string
  readonly limit: string
}

export function readVerbs(group: Command, io: Io): void {
  group
    .command('list')
    .description('requests, the soonest due first')
    .option('--status <status>', `may be given again: ${statuses.join(', ')}`, collect)
    .option('--right <right>', 'access or erasure')
    .option('--overdue', 'only what is past its date and not answered')
    .option('--find <text>', 'a reference, or one whole identity in any spelling')
    .option('--cursor <cursor>', 'goes on where a list stopped')
    .option('--limit <n>', 'at most so many', '50')
    .action((options: List) => list(io, options))
  group
    .command('show')
    .description('the whole file of a request')
    .argument('<reference>')
    .action((reference: string, options: Common) =>
      withBase(io, options, async (base) => {
        const file = await look(base, (ctx) => showRequest(ctx, { reference }))
        answer(io, options, file, () => wordsOf(file))
      }),
    )
}

async function list(io: Io, options: List): Promise<void> {
  const filter = {
    status: options.status
      ?.flatMap((text) => text.split(','))
      .map((text) => parseWord('--status', text, statuses)),
    right: rightOf(options.right),
    overdue: options.overdue,
    q: options.find,
    cursor: options.cursor,
    limit: parseWhole('--limit', options.limit, { min: 1, max: 200 }),
  }
  await withBase(io, options, async (base) => {
    const { items, next } = await look(base, (ctx) => listRequests(ctx, filter))
    answer(io, options, { requests: items, next: next ?? null }, () => tableOf(items, next))
  })
}

function rightOf(text: string | undefined): 'access' | 'erasure' | undefined {
  if (text === undefined) return undefined
  const right = parseWord('--right', text, rights)
  return right === 'access' || right === 'erasure' ? right : parseWord('--right', text, ['access', 'erasure'])
}

function tableOf(rows: readonly RequestRow[], next: string | undefined): string {
  if (rows.length === 0) return 'no requests'
  const lines = rows.map(({ reference, right, regime, status, person, clock }) => [
    reference,
    right,
    regime,
    status,
    clock.dueDate,
    clock.overdue ? `${-clock.daysLeft} late` : clock.daysLeft,
    person,
  ])
  const table = columns([['reference', 'right', 'law', 'status', 'due', 'days', 'person'], ...lines])
  return next === undefined ? table : `${table}\nmore: --cursor ${next}`
}

function wordsOf(file: RequestFile): string {
  const { clock, plan } = file
  const lines = [
    `${file.reference}  ${file.right}  ${file.regime}  ${file.status}`,
    `received ${file.receivedAt} by ${file.channel}; due ${clock.dueDate} (${clock.daysLeft} days left), target ${clock.targetDate}`,
    ...clock.steps.map((step) => `  ${step.date}  ${step.text}`),
    ...file.identities.map(
      (one) =>
        `${one.kind} ${one.masked}: ${one.verifiedAt ? `proved by ${one.how}` : 'not proved'}   ${one.id}`,
    ),
  ]
  if (plan) {
    lines.push(`plan ${plan.status}, digest ${plan.digest ?? '(not drawn yet)'}`)
    if (plan.steps.length > 0)
      lines.push(
        columns([
          ['store', 'collection', 'action', 'link', 'status', 'found', 'done', 'kept'],
          ...plan.steps.map((s) => [
            s.store,
            s.collection,
            s.action,
            s.link,
            s.status,
            s.found,
            s.done,
            s.kept,
          ]),
        ]),
      )
    lines.push(...plan.findings.map(findingLine))
    if (plan.residue)
      lines.push(
        `left after the erasure: ${plan.residue.filter((r) => r.ground === null).length} without a ground`,
      )
  }
  if (file.decision)
    lines.push(`decided: ${file.decision.outcome} ${file.decision.ground ?? ''} at ${file.decision.at}`)
  if (file.approval) lines.push(`approved at ${file.approval.at}`)
  if (file.package)
    lines.push(
      `package: ${file.package.bytes} bytes, sha256 ${file.package.sha256}, until ${file.package.expiresAt}`,
    )
  lines.push(...file.messages.map((m) => `${m.at}  letter ${m.letter}: ${m.delivery}`))
  return lines.join('\n')
}

const findingLine = ({
  kind,
  store,
  collection,
  rows,
  message,
}: NonNullable<RequestFile['plan']>['findings'][number]) => {
  const place = [store, collection].filter(Boolean).join('.')
  return `${kind}: ${place}${rows === undefined ? '' : ` (${rows} rows)`}${place ? ': ' : ''}${message}`
}
