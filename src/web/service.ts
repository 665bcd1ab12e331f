import { Hono } from 'hono'
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { App } from '../app/app.ts'
import { plusMs } from '../base/instant.ts'
import { listHolds } from '../holds/list.ts'
import { jobFigures } from '../ops/jobs/figures.ts'
import { requestFigures } from '../requests/figures.ts'
import { contactEmail } from './deps.ts'
import { defaultLimits, openLimiter } from './limits.ts'

type ServiceDeps = Pick<App, 'db' | 'clock' | 'log' | 'config' | 'company'>

/** For whoever runs it: is it alive, may it get calls, how does it stand, whom to tell of a hole. No personal data in any. */
export function createService(deps: ServiceDeps): Hono {
  const app = new Hono()
  const metrics = openMetrics(deps)
  const limiter = openLimiter(defaultLimits)
  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  app.get('/readyz', async (c) => {
    await limiter.take(c, 'page')
    const isReady = await databaseAnswers(deps)
    return c.json(
      { status: isReady ? 'ready' : 'not ready', checks: { database: isReady ? 'ok' : 'down' } },
      isReady ? 200 : 503,
    )
  })
  app.get('/metrics', async (c) => {
    await limiter.take(c, 'page')
    return c.body(await metrics.text(), 200, { 'Content-Type': metrics.contentType })
  })
  app.get('/.well-known/security.txt', (c) => c.text(securityText(deps)))
  return app
}

async function databaseAnswers({ db, log }: ServiceDeps): Promise<boolean> {
  try {
    await db.read(jobFigures)
    return true
  } catch (error) {
    log.error('ready.database', { error })
    return false
  }
}

interface Metrics {
  readonly contentType: string
  text(): Promise<string>
}

/** Counted when they are asked for, in one reading. */
function openMetrics({ db }: ServiceDeps): Metrics {
  const register = new Registry()
  collectDefaultMetrics({ register, prefix: 'lethe_' })
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name, help, labelNames, registers: [register] })
  const states = gauge('lethe_requests', 'Requests by state.', ['status'])
  const overdue = gauge('lethe_requests_overdue', 'Requests past their date and not answered.')
  const dueSoon = gauge('lethe_requests_due_soon', 'Requests with 5 days left or fewer.')
  const waiting = gauge('lethe_requests_waiting_for_person', 'Requests that wait for the person.')
  const jobs = gauge('lethe_jobs', 'Jobs that are not done, by name and state.', ['name', 'status'])
  const retrying = gauge('lethe_jobs_retrying', 'Jobs that failed and wait for another try.')
  const holds = gauge('lethe_holds', 'Legal holds in force.')
  const reviews = gauge('lethe_holds_review_overdue', 'Legal holds whose review date has passed.')
  const collect = async () => {
    const { figures, queue, held } = await db.read(async (reader) => ({
      figures: await requestFigures({ reader }),
      queue: await jobFigures(reader),
      held: await listHolds(reader, { inForce: true }),
    }))
    for (const [status, count] of Object.entries(figures.byStatus)) states.set({ status }, count)
    overdue.set(figures.overdue)
    dueSoon.set(figures.dueSoon)
    waiting.set(figures.waitingForPerson)
    jobs.reset()
    for (const { name, status, jobs: count } of queue.rows) jobs.set({ name, status }, count)
    retrying.set(queue.retrying)
    holds.set(held.length)
    reviews.set(held.filter((one) => one.reviewOverdue).length)
  }
  return {
    contentType: register.contentType,
    async text() {
      await collect()
      return register.metrics()
    },
  }
}

const halfYearMs = 182 * 86_400_000

/** RFC 9116: to the privacy contact, who is there anyway; it says of itself until when it holds. */
function securityText({ config, company, clock }: ServiceDeps): string {
  const email = contactEmail({ company })
  return [
    `Contact: ${email === undefined ? config.url : `mailto:${email}`}`,
    `Expires: ${plusMs(clock.now(), halfYearMs)}`,
    'Preferred-Languages: en, nl, da',
    `Canonical: ${config.url}/.well-known/security.txt`,
    '',
  ].join('\n')
}
