import { existsSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { type Duration, durationText } from '../base/duration.ts'
import { LetheError } from '../base/errors.ts'
import type { TimeZone } from '../base/instant.ts'
import { canonicalJson } from '../base/json.ts'
import type { Words } from '../base/words.ts'
import { InvalidFile, type Problem, readYaml } from '../base/yaml.ts'
import type { CollectionMap, DataMap, LawfulBasis } from '../datamap/model.ts'
import { sha256 } from '../ops/sealing.ts'
import { collectionNamed, type Named, ruleProblems, sameData } from './check.ts'
import { type RawRule, retentionFile } from './schema.ts'

/** One promise: this data, so long from that event, then this. */
export interface RetentionRule {
  readonly id: string
  /** SHA-256 over everything it says; another digest is another rule, which must be looked at before it runs. */
  readonly version: string
  readonly title: Words
  readonly collection: CollectionMap
  readonly where: readonly {
    readonly column: string
    readonly is: readonly (string | null)[]
    readonly not: boolean
  }[]
  readonly purpose: Words
  readonly basis: LawfulBasis
  readonly from: string
  readonly keep: Duration
  readonly minimum: Duration | undefined
  readonly then: 'delete' | 'anonymise' | 'review'
  readonly owner: string
  readonly because: Words
  readonly schedule: string
  readonly timezone: TimeZone
  /** `policies/retention/calls.yaml:4:5`. */
  readonly at: string
}

export type Rules = readonly RetentionRule[]

/**
 * Reads every `*.yaml` of the folder against the data map. Throws `invalid` (`InvalidFile`) with ALL problems of all files,
 * each with file:line:column: unknown keys, collections and columns with the nearest known one, periods that are none, two
 * rules on one type of data, a statutory minimum longer than the period. No folder is no rules. Touches nothing else.
 */
export function loadRules(folder: string, map: DataMap): Rules {
  const problems: Problem[] = []
  const found: (Named & { readonly rule: RetentionRule | undefined })[] = []
  const files = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => /\.ya?ml$/.test(name))
        .sort()
    : []
  for (const name of files) {
    const file = join(folder, name)
    try {
      const yaml = readYaml(file, retentionFile, shown(file))
      for (const [i, raw] of yaml.value.rules.entries()) {
        const at = (...path: (string | number)[]) => yaml.at(['rules', i, ...path])
        const wrong = ruleProblems(raw, map, at)
        problems.push(...wrong)
        found.push({ raw, at, rule: wrong.length === 0 ? ruleOf(raw, map, at()) : undefined })
      }
    } catch (error) {
      if (error instanceof InvalidFile) problems.push(...error.problems)
      else throw error
    }
  }
  problems.push(...sameData(found, map))
  if (problems.length > 0) throw new InvalidFile(problems)
  return found.flatMap(({ rule }) => (rule ? [rule] : []))
}

/** As messages name it: from the working folder where it lies in it. */
function shown(file: string): string {
  const near = relative(process.cwd(), file)
  return near === '' || near.startsWith('..') ? file : near
}

function ruleOf(raw: RawRule, map: DataMap, at: string): RetentionRule {
  const collection = collectionNamed(map, raw.data)
  if (!collection) throw new LetheError('internal', 'a rule without its collection passed the check')
  const { where, data: _, ...rest } = raw
  return {
    ...rest,
    minimum: raw.minimum,
    version: versionOf(raw),
    collection,
    where: Object.entries(where ?? {}).map(([column, { is, not }]) => ({ column, is, not })),
    at,
  }
}

const versionOf = ({ keep, minimum, ...rest }: RawRule): string =>
  sha256(canonicalJson({ ...rest, keep: durationText(keep), minimum: minimum && durationText(minimum) }))

/** Throws `not_found`, with the ids there are. */
export function ruleNamed(rules: Rules, id: string): RetentionRule {
  const rule = rules.find((r) => r.id === id)
  if (rule) return rule
  throw new LetheError('not_found', `there is no rule "${id}"`, {
    hint: `Rules: ${rules.map((r) => r.id).join(', ') || 'none'}.`,
  })
}
