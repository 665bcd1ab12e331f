import { one } from '../../ops/db/database.ts'
import { certificateOf, listRuns } from '../../retention/list.ts'
import { number, shortDay, shortMoment } from '../format.ts'
import { facts, html, notice, table } from '../html.ts'
import { type ConsoleContext, type ConsoleKit, demand, lookAs } from './env.ts'
import { consolePage } from './frame.ts'
import { keptWords } from './words.ts'

/** One retention run and its certificate: what went, what stayed and why, with digests instead of data. */
export const runPage = (kit: ConsoleKit) => async (c: ConsoleContext) => {
  demand(c, 'retention.read')
  const id = c.req.param('id') ?? ''
  const { run, certificate } = await lookAs(kit, c, async ({ reader }) => ({
    certificate: await certificateOf(reader, id),
    run: one(
      (await listRuns(reader, { limit: 1000 })).filter((row) => row.id === id),
      'retention run',
    ),
  }))
  const { counts, rule } = run
  const zone = kit.deps.company.timezone
  const kept = Object.entries(counts.kept).filter(([, n]) => n > 0)
  const main = html`${run.status === 'running' ? notice('river', html`<p>It is at work; the figures are those so far.</p>`) : ''}
    <div class="figures"><div class="figure figure-late"><span>gone</span><b>${number(counts.done)}</b></div>
      <div class="figure figure-quiet"><span>were due</span><b>${number(counts.due)}</b></div>
      <div class="figure figure-quiet"><span>below them</span><b>${number(counts.below)}</b></div>
      <div class="figure figure-quiet"><span>files</span><b>${number(counts.files)}</b></div></div>
    ${facts([
      ['Rule', rule.title.en],
      [
        'Records',
        html`<code>${rule.store}.${rule.collection}</code> from ${shortDay(run.lastStart)} and before`,
      ],
      ['Slot', shortMoment(run.slot, zone)],
      ['Began', shortMoment(run.startedAt, zone)],
      ['Ended', run.finishedAt === null ? 'not yet' : shortMoment(run.finishedAt, zone)],
      [
        'Kept, because',
        kept.length === 0
          ? 'nothing was kept'
          : html`${kept.map(([why, n]) => html`${number(n)} ${keptWords[why] ?? why}<br>`)}`,
      ],
      ['Without a date', number(counts.exceptions)],
      ['Changed meanwhile', number(counts.skipped)],
    ])}
    <section class="card"><h2>Certificate</h2>${
      certificate
        ? html`${facts([
            ['Version of the rule', html`<span class="digest">${certificate.rule.version}</span>`],
            ['Root over all batches', html`<span class="digest">${certificate.root}</span>`],
            ['In the ledger', `entries ${certificate.ledger.from} to ${certificate.ledger.to}`],
            [
              'Still in files and backups',
              certificate.remains.length === 0 ? 'nothing known' : certificate.remains.join('; '),
            ],
          ])}${table(
            'Batches',
            ['Batch', 'Rows', 'Root'],
            certificate.batches.map((b) => [
              number(b.seq),
              number(b.done),
              html`<span class="digest">${b.root}</span>`,
            ]),
            html`<p>No batch: nothing had to go.</p>`,
          )}
      <div class="actions"><a class="button button-quiet" href="/console/retention/runs/${id}/certificate.json">Download as JSON</a></div>`
        : html`<p class="muted">It is written when the run ends.</p>`
    }</section>`
  return c.html(consolePage(kit, c, { title: `Run of ${shortMoment(run.startedAt, zone)}`, main }))
}

export const certificateFile = (kit: ConsoleKit) => async (c: ConsoleContext) => {
  demand(c, 'retention.read')
  const id = c.req.param('id') ?? ''
  const certificate = await lookAs(kit, c, ({ reader }) => certificateOf(reader, id))
  c.header('Content-Disposition', `attachment; filename="certificate-${id}.json"`)
  return c.json(one(certificate ? [certificate] : [], 'certificate'))
}
