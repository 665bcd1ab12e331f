import { isAlias, isMap, isScalar, isSeq } from 'yaml'
import { documents, textIn } from './edits.ts'

/** What a YAML text says, as JSON; numbers with all their digits, an alias as `*name`. Throws `Unreadable` where it is none. */
export function yamlJson(text: string): string {
  const all = documents(text).map(({ contents }) => json(contents, text))
  return all.length === 1 ? (all[0] ?? 'null') : `[${all.join(',')}]`
}

function json(node: unknown, text: string): string {
  if (isAlias(node)) return JSON.stringify(`*${node.source}`)
  if (isSeq(node)) return `[${node.items.map((item) => json(item, text)).join(',')}]`
  if (isMap(node)) {
    const entry = (key: unknown, value: unknown): string => `${name(json(key, text))}:${json(value, text)}`
    return `{${node.items.map(({ key, value }) => entry(key, value)).join(',')}}`
  }
  if (!isScalar(node)) return 'null'
  const said = textIn(node, text)
  if (said === undefined) return node.value === true || node.value === false ? String(node.value) : 'null'
  const isNumber =
    typeof node.value !== 'string' && /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(said)
  return isNumber ? said : JSON.stringify(said)
}

/** A key that is a number, a list or a map is a text in JSON. */
const name = (key: string): string => (key.startsWith('"') ? key : JSON.stringify(key))
