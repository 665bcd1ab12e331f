import { existsSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { readCompany } from '../app/company.ts'
import { isLetheError } from '../base/errors.ts'
import { InvalidFile, readYaml } from '../base/yaml.ts'
import { buildGraph } from '../datamap/graph.ts'
import { readDataMap } from '../datamap/load.ts'
import type { DataMap, Finding, Graph } from '../datamap/model.ts'
import { loadLetters } from '../notify/letters.ts'
import type { Config } from '../ops/config.ts'
import { loadRulePacks } from '../requests/clock/load.ts'
import { packSchema } from '../requests/clock/pack.ts'
import { loadRules } from '../retention/rules.ts'
import { readStores, type StoreConfig } from '../stores/config.ts'

export interface Policies {
  readonly findings: readonly Finding[]
  readonly stores: readonly StoreConfig[]
  /** Undefined where the files say too little to go on. */
  readonly map: { readonly map: DataMap; readonly graph: Graph } | undefined
}

/** Reads every policy file and answers all that is wrong, file by file: what is broken in one does not hide the others. */
export function readPolicies(config: Config): Policies {
  const findings: Finding[] = []
  const stores = collecting(findings, () => readStores(join(config.policies, 'stores.yaml'), config.env))
  const reading = stores && readDataMap(config.policies, mapped(config, stores))
  if (reading) findings.push(...reading.problems, ...(reading.map?.warnings ?? []))
  const map = reading?.map
  if (map) collecting(findings, () => loadRules(join(config.policies, 'retention'), map))
  const company = collecting(findings, () => readCompany(join(config.policies, 'company.yaml')))
  readPacks(config, company?.regime, findings)
  collecting(findings, () =>
    loadLetters(join(config.policies, 'letters'), shown(join(config.policies, 'letters'))),
  )
  return { findings, stores: stores ?? [], map: map && { map, graph: buildGraph(map) } }
}

const mapped = (config: Config, stores: readonly StoreConfig[]) =>
  stores.map(({ name, map }) => ({ name, map: relative(config.policies, map) }))

/** Every pack by itself first, so that all that is wrong is told; then held against each other. */
function readPacks(config: Config, home: string | undefined, findings: Finding[]): void {
  const folder = join(config.policies, 'regimes')
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => /\.ya?ml$/.test(name)) : []
  const before = findings.length
  for (const file of files.sort()) collecting(findings, () => readYaml(join(folder, file), packSchema))
  if (findings.length > before) return
  const packs = collecting(findings, () => loadRulePacks(folder, shown(folder)))
  if (packs && home !== undefined)
    collecting(findings, () => packs.regime(home), `${shown(join(config.policies, 'company.yaml'))}`)
}

/** Problems of one file become findings; anything that is not about a file goes on as it is. */
function collecting<T>(findings: Finding[], read: () => T, place = ''): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof InvalidFile)
      findings.push(
        ...error.problems.map((problem) => ({ level: 'error' as const, ...problem, hint: error.hint ?? '' })),
      )
    else if (isLetheError(error, 'invalid')) {
      const where = error.where ?? place
      findings.push({
        level: 'error',
        where,
        message: error.message.replace(`${where}: `, ''),
        hint: error.hint ?? '',
      })
    } else throw error
    return undefined
  }
}

/** As messages name it: from the working folder where it lies in it. */
function shown(path: string): string {
  const near = relative(process.cwd(), path)
  return near === '' || near.startsWith('..') ? path : near
}
