import type { Command } from 'commander'
import { liveMap } from '../../datamap/live.ts'
import type { Finding } from '../../datamap/model.ts'
import { checkLive } from '../../stores/check.ts'
import { closeStores, openStores } from '../../stores/open.ts'
import { answer, type Common, type Io, type Outcome } from '../io.ts'
import { configOf } from '../open.ts'
import { type Policies, readPolicies } from '../policies.ts'
import { type Down, reachStores } from '../../stores/reach.ts'

interface Options extends Common {
  readonly errorsOnly?: boolean
}

/** `lethe check`: policies, data map and every live store’s schema; needs no database of the service and writes nothing. */
export function check(program: Command, io: Io, outcome: Outcome): void {
  program
    .command('check')
    .description(
      'policies, data map and every live store’s schema; exit status 1 when something must be done',
    )
    .option('--errors-only', 'warnings do not count for the exit status')
    .action((options: Options) => checkAll(io, options, outcome))
}

async function checkAll(io: Io, options: Options, outcome: Outcome): Promise<void> {
  const policies = readPolicies(configOf(io, options))
  const live = await checkStores(policies)
  const findings = [...policies.findings, ...live.findings]
  const count = (level: Finding['level']) => findings.filter((one) => one.level === level).length
  const counts = { errors: count('error'), warnings: count('warning'), notes: count('note') }
  const wrong = counts.errors > 0 || (options.errorsOnly !== true && counts.warnings > 0)
  outcome.status = wrong ? 1 : live.down.length > 0 ? 4 : 0
  answer(io, options, { ok: outcome.status === 0, ...counts, findings, storesDown: live.down }, () =>
    [
      ...findings.map(lineOf),
      ...live.down.map((one) => `down     ${one.message}\n         ${one.hint}`),
      `${counts.errors} errors, ${counts.warnings} warnings, ${counts.notes} notes, ${live.down.length} stores down`,
    ].join('\n'),
  )
}

async function checkStores({
  stores,
  map,
}: Policies): Promise<{ findings: Finding[]; down: readonly Down[] }> {
  if (!map) return { findings: [], down: [] }
  const opened = openStores(stores)
  try {
    const { catalogues, down } = await reachStores(opened.values())
    return { findings: await checkLive(opened, liveMap(map.map, catalogues), catalogues), down }
  } finally {
    await closeStores(opened)
  }
}

export const lineOf = ({ level, where, message, hint }: Finding): string =>
  `${level.padEnd(8)} ${where}: ${message}${hint ? `\n         ${hint}` : ''}`
