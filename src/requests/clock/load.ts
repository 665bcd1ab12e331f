import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { LetheError } from '../../base/errors.ts'
import { canonicalJson, type Json } from '../../base/json.ts'
import { nearest } from '../../base/nearest.ts'
import { readYaml, type Yaml } from '../../base/yaml.ts'
import { type Pack, packSchema, type Regime } from './pack.ts'

/** All rule packs of a policies folder. */
export interface RulePacks {
  /** Names that `regime` answers to, aliases left out: what a form offers. */
  readonly regimes: readonly string[]
  /** The law of one place; `GB` is `GB-EAW`. Throws `invalid` for a name no pack knows. */
  regime(name: string): Regime
}

/**
 * Reads `policies/regimes/*.yaml`. Throws `invalid` with file, line and column for anything a schema or the other packs
 * do not allow. `label` is the folder's name in messages.
 */
export function loadRulePacks(folder: string, label = folder): RulePacks {
  const packs = new Map<string, Yaml<Pack>>()
  for (const file of packFiles(folder, label)) {
    const yaml = readYaml(join(folder, file), packSchema, `${label}/${file}`)
    const twin = packs.get(yaml.value.pack)
    yaml.refuse(
      twin ? [{ path: ['pack'], message: `pack ${yaml.value.pack} stands in ${twin.file} too` }] : [],
    )
    packs.set(yaml.value.pack, yaml)
  }
  const regimes = new Map<string, Regime>()
  const aliases = new Map<string, string>()
  for (const yaml of packs.values())
    for (const [name, regime] of regimesOf(yaml, packs)) {
      yaml.refuse(
        regimes.has(name) ? [{ path: ['regimes', name], message: `regime ${name} stands in two packs` }] : [],
      )
      regimes.set(name, regime)
      for (const alias of yaml.value.regimes?.[name]?.also ?? []) aliases.set(alias, name)
    }
  return {
    regimes: [...regimes.keys()].sort(),
    regime(name) {
      const found = regimes.get(aliases.get(name) ?? name)
      if (found) return found
      const known = [...regimes.keys(), ...aliases.keys()].sort()
      const near = nearest(name, known)
      throw new LetheError('invalid', `no rule pack knows the regime "${name}"`, {
        hint: near ? `Did you mean ${near}?` : `Known: ${known.join(', ')}.`,
      })
    },
  }
}

function packFiles(folder: string, label: string): string[] {
  let files: string[] = []
  try {
    files = readdirSync(folder)
      .filter((file) => /\.ya?ml$/.test(file))
      .sort()
  } catch {
    // Answered below: a folder that is not there has no packs.
  }
  if (files.length > 0) return files
  throw new LetheError('invalid', 'there are no rule packs', {
    where: label,
    hint: 'Point to a policies folder whose regimes/ has at least one .yaml file.',
  })
}

function regimesOf(yaml: Yaml<Pack>, packs: ReadonlyMap<string, Yaml<Pack>>): [string, Regime][] {
  const { value } = yaml
  const base = value.extends === undefined ? undefined : packs.get(value.extends)?.value
  const near = value.extends === undefined ? undefined : nearest(value.extends, [...packs.keys()])
  if (value.extends !== undefined && !base)
    yaml.refuse([
      {
        path: ['extends'],
        message: `there is no pack "${value.extends}"${near ? `; did you mean "${near}"?` : ''}`,
      },
    ])
  if (base?.extends !== undefined)
    yaml.refuse([
      { path: ['extends'], message: `pack ${base.pack} extends another one; one level is enough` },
    ])
  const versions = value.versions ?? base?.versions
  const law = value.law ?? base?.law
  if (!versions || !law) {
    yaml.refuse([{ path: [], message: 'law and versions are missing, here and in what it extends' }])
    return []
  }
  yaml.refuse(problemsOf(value))
  return Object.entries(value.regimes ?? {}).map(([name, rules]) => {
    const complaint = value.complaint ?? base?.complaint
    const decides = {
      versions,
      complaint,
      holidays: rules.holidays,
      timezone: rules.timezone,
    } as unknown as Json
    const digest = createHash('sha256').update(canonicalJson(decides)).digest('hex')
    return [name, { ...rules, name, pack: value.pack, title: value.title, law, versions, complaint, digest }]
  })
}

/** What a schema cannot say: order and completeness. */
function problemsOf(pack: Pack): { path: (string | number)[]; message: string }[] {
  const problems: { path: (string | number)[]; message: string }[] = []
  pack.versions?.forEach((version, i, all) => {
    const earlier = all[i - 1]
    if (earlier && version.from <= earlier.from)
      problems.push({
        path: ['versions', i, 'from'],
        message: `${version.from} is not after ${earlier.from}; write versions in order`,
      })
    const seen = new Set<string>()
    version.periods.forEach((period, j) => {
      for (const right of period.rights) {
        if (seen.has(right))
          problems.push({
            path: ['versions', i, 'periods', j, 'rights'],
            message: `${right} has two periods`,
          })
        seen.add(right)
      }
    })
  })
  for (const [name, { holidays }] of Object.entries(pack.regimes ?? {}))
    if (holidays.years[0] > holidays.years[1])
      problems.push({
        path: ['regimes', name, 'holidays', 'years'],
        message: 'the first year is after the last',
      })
  return problems
}
