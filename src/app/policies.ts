import { join, relative } from 'node:path'
import { durationWords } from '../base/duration.ts'
import type { Words } from '../base/words.ts'
import { buildGraph } from '../datamap/graph.ts'
import { loadDataMap } from '../datamap/load.ts'
import { loadLetters } from '../notify/letters.ts'
import { loadRulePacks } from '../requests/clock/load.ts'
import { loadRules, type Rules } from '../retention/rules.ts'
import { readStores } from '../stores/config.ts'
import type { Policies } from './app.ts'
import { readCompany } from './company.ts'

/** Reads the whole policies folder; throws `invalid` with file, line and what to write. Asks no store. */
export function loadPolicies(folder: string, env: Readonly<Record<string, string | undefined>>): Policies {
  const shown = relative(process.cwd(), folder) || '.'
  const company = readCompany(join(folder, 'company.yaml'))
  const storeConfigs = readStores(join(folder, 'stores.yaml'), env)
  const map = loadDataMap(
    folder,
    storeConfigs.map(({ name, map: file }) => ({ name, map: relative(folder, file) })),
  )
  const rules = loadRules(join(folder, 'retention'), map)
  return {
    company,
    storeConfigs,
    map,
    graph: buildGraph(map),
    regimes: loadRulePacks(join(folder, 'regimes'), join(shown, 'regimes')),
    letters: loadLetters(join(folder, 'letters'), join(shown, 'letters')),
    rules,
    periods: periodsOf(rules),
  }
}

/** How long each collection is kept, as a package says it: `3 months: because …`. */
function periodsOf(rules: Rules): Map<string, Words[]> {
  const periods = new Map<string, Words[]>()
  for (const rule of rules) {
    const words = Object.fromEntries(
      ['en', 'nl', 'da'].map((language) => {
        const title = rule.title[language] ?? rule.title.en
        const because = rule.because[language] ?? rule.because.en
        return [language, `${title}: ${durationWords(rule.keep, language)}. ${because}`]
      }),
    ) as unknown as Words
    periods.set(rule.collection.id, [...(periods.get(rule.collection.id) ?? []), words])
  }
  return periods
}
