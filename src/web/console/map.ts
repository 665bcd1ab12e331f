import { inLanguage } from '../../base/words.ts'
import { coverage, type StoreCoverage } from '../../datamap/coverage.ts'
import type { CollectionMap, DatasetMap } from '../../datamap/model.ts'
import type { Catalogue } from '../../stores/port.ts'
import { badge, facts, type Html, html, notice, table } from '../html.ts'
import { type ConsoleContext, type ConsoleKit, demand } from './env.ts'
import { consolePage } from './frame.ts'

const describeMs = 10_000

/** Which systems hold what, why, and what nobody declared yet: the stores are asked live. */
export const mapPage = (kit: ConsoleKit) => async (c: ConsoleContext) => {
  demand(c, 'map.read')
  const { map } = kit.deps
  const { catalogues, silent } = await catalogueOf(kit)
  const covered = new Map(coverage(map, catalogues).map((one) => [one.store, one]))
  const main = html`${map.warnings.length > 0 ? html`<details><summary>${map.warnings.length} ${map.warnings.length === 1 ? 'remark' : 'remarks'} on the map</summary><ul>${map.warnings.map((w) => html`<li><code>${w.where}</code> ${w.message}. ${w.hint}</li>`)}</ul></details>` : ''}
    ${map.datasets.length === 0 ? html`<div class="empty"><p>The data map is empty. Describe your first system in policies/datamap.</p></div>` : ''}
    ${map.datasets.map((dataset) => datasetPart(dataset, covered.get(dataset.store), silent.has(dataset.store)))}
    <p class="small">Digest of this map: <span class="digest">${map.digest}</span></p>`
  return c.html(consolePage(kit, c, { title: 'Data map', main }))
}

async function catalogueOf(
  kit: ConsoleKit,
): Promise<{ catalogues: Map<string, Catalogue>; silent: Set<string> }> {
  const catalogues = new Map<string, Catalogue>()
  const silent = new Set<string>()
  await Promise.all(
    [...kit.deps.stores].map(async ([name, store]) => {
      try {
        catalogues.set(
          name,
          await store.describe({ timeoutMs: describeMs, signal: AbortSignal.timeout(describeMs) }),
        )
      } catch {
        // The page says which one did not answer; the store's own words are for the check command.
        silent.add(name)
      }
    }),
  )
  return { catalogues, silent }
}

function datasetPart(d: DatasetMap, covered: StoreCoverage | undefined, isSilent: boolean): Html {
  const shown = d.collections.filter((one) => !one.skip)
  const rows = shown.map((one) => [
    html`<details><summary>${inLanguage(one.title, 'en')}</summary>${fieldTable(one)}</details>`,
    one.purpose.en,
    one.basis.replaceAll('_', ' '),
    eraseWords(one),
  ])
  return html`<section class="card"><h2>${d.title.en} ${d.role === 'processor' ? badge('quiet', `for ${d.controller ?? 'another controller'}`) : ''}</h2>
    ${isSilent ? notice('late', html`<p>The store ${d.store} does not answer now.</p>`) : ''}
    ${facts([
      ['Store', d.store],
      ['Backups', d.backupHorizon === undefined ? 'not stated' : `gone after ${d.backupHorizon}`],
      ['Transfers', d.transfers?.en ?? 'none stated'],
      ...(covered ? [['Coverage', coverageWords(covered)] as const] : []),
    ])}
    ${table(`Data in ${d.title.en}`, ['Data', 'Purpose', 'Basis', 'At an erasure'], rows, html`<p>Nothing of this system is declared.</p>`)}
    ${covered && covered.unknownColumns > 0 ? unknownPart(covered) : ''}</section>`
}

const eraseWords = (one: CollectionMap): string =>
  one.erase === 'keep'
    ? `kept: ${one.keep?.because.en ?? 'no ground stated'}`
    : one.erase === 'delete'
      ? 'deleted'
      : 'made anonymous'

const coverageWords = (s: StoreCoverage): Html => {
  const all = s.declaredColumns + s.unknownColumns
  const share = all === 0 ? 100 : Math.floor((s.declaredColumns / all) * 100)
  return html`${badge(s.unknownColumns === 0 ? 'good' : 'soon', `${share} %`)} ${s.declaredColumns} of ${all} columns are declared`
}

function unknownPart(s: StoreCoverage): Html {
  const tables = s.tables.filter((one) => one.unknown.length > 0)
  return html`<details><summary>What nobody declared</summary><ul>${tables.map((one) => html`<li><code>${one.table}</code>: ${one.unknown.join(', ')}</li>`)}${s.unknownTables.map((name) => html`<li><code>${name}</code>: the whole table</li>`)}</ul></details>`
}

function fieldTable(one: CollectionMap): Html {
  const rows = one.fields.map((f) => [
    html`<code>${f.name}</code>`,
    f.title ? inLanguage(f.title, 'en') : (f.description ?? ''),
    f.categories.map((category) => category.replace(/^(user|system)\./, '')).join(', '),
    [
      f.identity ? `finds by ${f.identity}` : '',
      f.link ?? '',
      f.freeText ? 'free text' : '',
      f.secret ? 'never exported' : '',
    ]
      .filter(Boolean)
      .join(', '),
  ])
  return table(`Fields of ${inLanguage(one.title, 'en')}`, ['Field', 'What', 'Categories', 'Role'], rows, '')
}
