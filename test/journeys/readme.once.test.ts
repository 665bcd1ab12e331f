import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildGraph } from '../../src/datamap/graph.ts'
import { loadDataMap } from '../../src/datamap/load.ts'
import { loadRules } from '../../src/retention/rules.ts'
import { readStores } from '../../src/stores/config.ts'
import { freshFolder } from '../support/ask.ts'
import { policies } from '../support/desk.ts'

const root = join(import.meta.dirname, '../..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')

/** The n-th YAML example, its indentation in a list taken off. */
const example = (holds: string): string => {
  const blocks = [...readme.matchAll(/^( *)```yaml\n([\s\S]*?)^ *```/gm)].map(([, indent, text]) =>
    (text ?? '').replace(new RegExp(`^${indent}`, 'gm'), ''),
  )
  const found = blocks.find((block) => block.includes(holds))
  if (found === undefined) throw new Error(`the README has no example with ${holds}`)
  return found
}

describe('the README', () => {
  it('shows a store that is read as it stands', () => {
    const folder = freshFolder()
    writeFileSync(join(folder, 'stores.yaml'), example('kind: postgres'))
    expect(readStores(join(folder, 'stores.yaml'), { LETHE_STORE_HELPDESK: 'a secret' })).toMatchObject([
      { name: 'helpdesk', kind: 'postgres', country: 'NL' },
    ])
  })

  it('shows a data map that loads without an error, and leads from a person to her messages', () => {
    const folder = freshFolder()
    mkdirSync(join(folder, 'datamap'))
    writeFileSync(join(folder, 'datamap/x.yaml'), example('dataset:'))
    const map = loadDataMap(folder, [{ name: 'helpdesk', map: 'datamap/x.yaml' }])
    expect(buildGraph(map).edges).toMatchObject([
      { from: 'helpdesk.customers', to: 'helpdesk.messages', link: 'owned' },
    ])
  })

  it('shows a retention rule that is one', () => {
    const folder = freshFolder()
    writeFileSync(join(folder, 'x.yaml'), example('rules:'))
    cpSync(join(policies, 'datamap'), join(folder, 'datamap'), { recursive: true })
    const map = loadDataMap(
      policies,
      ['tickets', 'calls', 'marketing'].map((name) => ({ name, map: `datamap/${name}.yaml` })),
    )
    expect(loadRules(folder, map)).toMatchObject([{ id: 'calls', schedule: '0 2 * * *' }])
  })

  it('names files that exist', () => {
    for (const [, path] of readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g))
      expect(() => readFileSync(join(root, path as string)), path).not.toThrow()
  })

  it('names every setting', () => {
    const config = readFileSync(join(root, 'src/ops/config.ts'), 'utf8')
    for (const [, name] of config.matchAll(/^ {2}'(LETHE_[A-Z_]+)',$/gm))
      expect(readme).toContain(`\`${name}\``)
  })
})
