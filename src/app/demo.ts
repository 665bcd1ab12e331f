import { createWriteStream, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { LetheError } from '../base/errors.ts'
import { answer, type Common, type Io, say } from '../cli/io.ts'
import { cast } from '../demo/cast.ts'
import { makeStores, type SampleSummary } from '../demo/stores.ts'
import { handOver } from '../export/open-package.ts'
import { verifyLedger } from '../ledger/verify.ts'
import type { Config } from '../ops/config.ts'
import { openLog } from '../ops/log.ts'
import { showRequest } from '../requests/show.ts'
import type { App } from './app.ts'
import { approveAs, decideAs, file, fileRequests, work } from './demo/requests.ts'
import { act, demoOfficers, demoPassword, type DemoOfficers, makeOfficers } from './demo/people.ts'
import { approveRules, holdOne, runRules } from './demo/retention.ts'
import { openApp } from './open.ts'

export interface DemoOptions extends Common {
  readonly once?: boolean
  readonly people?: number
  readonly seed?: number
}

/** Marks a folder as a demo's own, which the next demo may clear. */
const mark = '.lethe-demo'

/**
 * A working desk with sample stores, made anew at every start. `--once` does one access, one erasure and one retention run
 * without a server, says what it did and where the files are, and ends.
 */
export async function runDemo(config: Config, io: Io, options: DemoOptions): Promise<void> {
  freshFolder(config.home)
  say(io, 'making the sample stores …')
  const people = options.people ?? 2000
  const now = new Date().toISOString() as Parameters<typeof makeStores>[0]['now']
  const stores = await makeStores({ dir: join(config.home, 'stores'), people, seed: options.seed ?? 1, now })
  const app = await openApp(config, { log: openLog(io.env['LETHE_LOG_LEVEL'] ? config.logLevel : 'warn') })
  const officers = await makeOfficers(app)
  await approveRules(app, officers)
  if (options.once) return once(app, io, options, officers, stores)
  const hold = await holdOne(app, officers)
  say(io, 'filing requests in every state …')
  const requests = await fileRequests(app, officers)
  await runRules(app, officers, ['calls', 'clicks'])
  const { start, untilTold } = await import('../main.ts')
  const running = await start(config, app)
  answer(
    io,
    options,
    {
      url: config.url,
      home: config.home,
      officers: demoOfficers,
      password: demoPassword,
      requests,
      hold: hold.id,
    },
    () => welcome(config, requests),
  )
  await untilTold()
  await running.stop()
}

function freshFolder(home: string): void {
  const isOurs = existsSync(join(home, mark))
  if (!isOurs && existsSync(home) && readdirSync(home).length > 0)
    throw new LetheError('conflict', `${home} is not empty and was not made by a demo`, {
      hint: 'Name another folder with --home; a demo starts from nothing.',
    })
  rmSync(home, { recursive: true, force: true })
  mkdirSync(home, { recursive: true, mode: 0o700 })
  writeFileSync(join(home, mark), 'Made by `lethe demo`, which clears this folder when it starts again.\n')
}

function welcome(config: Config, requests: Record<string, string>): string {
  const lines = Object.entries(requests).map(([what, reference]) => `  ${reference}  ${what}`)
  return [
    '',
    `The desk is open: ${config.url}`,
    '',
    `  ${config.url}/            the portal, as a customer sees it (also /nl, /da, /en)`,
    `  ${config.url}/console     the officers' desk`,
    `  ${config.url}/api/v1/docs the API`,
    '',
    `Sign in with the password "${demoPassword}" as`,
    ...demoOfficers.map(({ name, role }) => `  ${name}  (${role})`),
    '',
    'Requests:',
    ...lines,
    '',
    `Mails lie in ${config.mailUrl.replace(/^file:/, '')}, the sample stores in ${join(config.home, 'stores')}.`,
    'Try it as Alice: ask for a copy on the portal with alice.jansen@post.example and open the newest mail.',
    'End with Ctrl+C; the next demo starts from nothing.',
  ].join('\n')
}

interface Done {
  readonly access: {
    readonly reference: string
    readonly dueDate: string
    readonly package: string
    readonly rows: number
  }
  readonly erasure: {
    readonly reference: string
    readonly dueDate: string
    readonly done: number
    readonly kept: number
    readonly left: number
  }
  readonly retention: readonly { readonly rule: string; readonly taken: number; readonly kept: number }[]
  readonly ledger: { readonly entries: number; readonly faults: number }
  readonly stores: SampleSummary
  readonly home: string
}

async function once(
  app: App,
  io: Io,
  options: DemoOptions,
  officers: DemoOfficers,
  stores: SampleSummary,
): Promise<void> {
  try {
    say(io, 'access: Alice Jansen …')
    const access = await accessOnce(app, officers)
    say(io, 'erasure: Bob de Vries …')
    const erasure = await erasureOnce(app, officers)
    say(io, 'retention …')
    const runs = await runRules(app, officers)
    const { entries, faults } = await app.db.read(verifyLedger)
    const retention = runs.map((run) => ({
      rule: run.ruleId,
      taken: run.counts.done,
      kept: Object.values(run.counts.kept).reduce((a, b) => a + b, 0),
    }))
    const done: Done = {
      access,
      erasure,
      retention,
      ledger: { entries, faults: faults.length },
      stores,
      home: app.config.home,
    }
    answer(io, options, done, () => told(done))
  } finally {
    await app.close()
  }
}

async function accessOnce(app: App, { officer }: DemoOfficers): Promise<Done['access']> {
  const reference = await file(app, officer, {
    person: cast.alice,
    right: 'access',
    daysAgo: 1,
    verified: 'called back on the number on file',
  })
  await work(app)
  await decideAs(app, officer, { reference, outcome: 'grant' })
  await work(app)
  const { package: made, clock, plan } = await app.db.read((reader) => showRequest({ reader }, { reference }))
  if (!made) throw new LetheError('internal', 'the package was not built')
  const path = join(app.config.home, `${reference}.zip`)
  const opened = await act(app, officer, (ctx) =>
    handOver(ctx, { folder: app.packages, id: made.id, how: 'download' }),
  )
  await pipeline(await opened.stream(), createWriteStream(path, { mode: 0o600 }))
  return {
    reference,
    dueDate: clock.dueDate,
    package: path,
    rows: (plan?.steps ?? []).reduce((sum, step) => sum + step.done, 0),
  }
}

async function erasureOnce(app: App, { officer, approver }: DemoOfficers): Promise<Done['erasure']> {
  const reference = await file(app, officer, {
    person: cast.bob,
    right: 'erasure',
    daysAgo: 1,
    verified: 'called back on the number on file',
  })
  await work(app)
  await decideAs(app, officer, { reference, outcome: 'grant' })
  await approveAs(app, approver, reference)
  await work(app)
  const { plan, clock } = await app.db.read((reader) => showRequest({ reader }, { reference }))
  const steps = plan?.steps ?? []
  return {
    reference,
    dueDate: clock.dueDate,
    done: steps.reduce((sum, step) => sum + step.done, 0),
    kept: steps.reduce((sum, step) => sum + step.kept, 0),
    left: (plan?.residue ?? []).filter((r) => r.ground === null).reduce((sum, r) => sum + r.rows, 0),
  }
}

const told = ({ access, erasure, retention, ledger, home }: Done): string =>
  [
    `Access    ${access.reference}: ${access.rows} rows of Alice Jansen over three stores, due ${access.dueDate}`,
    `          her package: ${access.package}`,
    `Erasure   ${erasure.reference}: ${erasure.done} rows of Bob de Vries erased or redacted, ${erasure.kept} kept on a ground, ${erasure.left} left over, due ${erasure.dueDate}`,
    ...retention.map(({ rule, taken, kept }) => `Retention ${rule}: ${taken} taken, ${kept} kept`),
    `Ledger    ${ledger.entries} entries, ${ledger.faults} faults`,
    `Files     ${home}`,
  ].join('\n')
