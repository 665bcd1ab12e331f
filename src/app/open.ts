import { join } from 'node:path'
import { engineJobs } from '../engine/jobs.ts'
import { canaryJobName } from '../engine/replay/canary.ts'
import { forgetErasuresJobName, keepOf } from '../engine/replay/forget.ts'
import { ownDomains } from '../engine/others/ours.ts'
import { purgeJob } from '../engine/purge/job.ts'
import { evidenceJobs, evidenceSchedules } from '../evidence/jobs.ts'
import { expirePackagesJob, exportJobs } from '../export/jobs.ts'
import { notifyJobs } from '../notify/send.ts'
import { openTransport } from '../notify/transport.ts'
import type { Config } from '../ops/config.ts'
import type { JobDefinition } from '../ops/jobs/define.ts'
import type { ScheduleDefinition } from '../ops/schedules.ts'
import type { RequestDeps } from '../requests/deps.ts'
import { requestJobs } from '../requests/jobs.ts'
import { retentionJobs, retentionSchedules } from '../retention/jobs.ts'
import { closeStores, openStores } from '../stores/open.ts'
import type { App, Policies } from './app.ts'
import { openBase, type OpenOptions } from './base.ts'
import { alarmOf } from './alarm.ts'
import { packageBuilder } from './packages.ts'
import { loadPolicies } from './policies.ts'
import { describeCollection } from './words.ts'

/** Joins the rooms. Policies are read first: a mistake in them is told before anything is opened. */
export async function openApp(config: Config, options: OpenOptions = {}): Promise<App> {
  const policies = loadPolicies(config.policies, config.env)
  const base = await openBase(config, options)
  const stores = openStores(policies.storeConfigs)
  const engine = engineDeps(config, policies, stores)
  const { company, letters, regimes } = policies
  const requests: RequestDeps = {
    regimes,
    letters,
    url: config.url,
    company: company.name,
    contact: company.contact,
    autoGrant: company.autoGrantAccess,
  }
  const packages = join(config.home, 'packages')
  return {
    ...base,
    ...policies,
    stores,
    engine,
    purge: engine,
    requests,
    packages,
    jobs: jobsOf(config, policies, engine, requests, packages),
    schedules: schedulesOf(policies),
    async close() {
      await closeStores(stores)
      await base.close()
    },
  }
}

function engineDeps(config: Config, policies: Policies, stores: App['stores']): App['engine'] {
  const byName = new Map(policies.storeConfigs.map((store) => [store.name, store]))
  return {
    map: policies.map,
    graph: policies.graph,
    stores,
    spool: join(config.home, 'spool'),
    erasureFile: join(config.home, 'erasures.jsonl'),
    erasureKeep: {
      keep: keepOf(policies.map, policies.company.erasureLedgerMargin),
      zone: policies.company.timezone,
    },
    alarm: alarmOf(policies.company, config.url),
    domains: ownDomains(policies.company.contact),
    policyOf: (name) => ({
      country: byName.get(name)?.country,
      plusAddressing: byName.get(name)?.plusAddressing,
      outsideLine: byName.get(name)?.outsideLine,
      ours: byName.get(name)?.ours,
    }),
    zoneOf: (name) => byName.get(name)?.timezone,
  }
}

function jobsOf(
  config: Config,
  policies: Policies,
  engine: App['engine'],
  requests: RequestDeps,
  folder: string,
): readonly JobDefinition[] {
  return [
    ...engineJobs(engine),
    purgeJob(engine),
    ...notifyJobs({ transport: openTransport(config.mailUrl), from: config.mailFrom }),
    ...exportJobs({ folder }),
    ...evidenceJobs({ anchors: config.anchors, url: config.url }),
    ...retentionJobs({ rules: () => policies.rules }),
    ...requestJobs({
      ...requests,
      packageDays: policies.company.packageDays,
      describe: (id) => describeCollection(policies.map, id),
      packages: packageBuilder({ engine, policies, folder }),
    }),
  ]
}

/** All schedules on one page: the retention rules' own, and the house's. */
const schedulesOf = (policies: Policies): readonly ScheduleDefinition[] => [
  ...retentionSchedules(policies.rules),
  ...evidenceSchedules,
  { name: 'canary', cron: '41 5 * * *', timezone: 'UTC', job: canaryJobName, input: () => ({}) },
  {
    name: 'forget-erasures',
    cron: '23 4 * * *',
    timezone: 'UTC',
    job: forgetErasuresJobName,
    input: () => ({}),
  },
  { name: 'expire-packages', cron: '17 * * * *', timezone: 'UTC', job: expirePackagesJob, input: () => ({}) },
]
