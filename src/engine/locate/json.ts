import type { Value } from '../../stores/port.ts'

/** Every string and number in a JSON value at any depth, and every key; numbers with all their digits. Empty where it is none. */
export function jsonScalars(value: Value): string[] {
  const parsed = parsedJson(value)
  const found: string[] = []
  const open: unknown[] = [parsed]
  while (open.length > 0) {
    const next = open.pop()
    if (typeof next === 'string') found.push(next)
    else if (Array.isArray(next)) open.push(...(next as unknown[]))
    else if (typeof next === 'object' && next !== null)
      for (const [key, inner] of Object.entries(next)) {
        found.push(key)
        open.push(inner)
      }
  }
  return found
}

/** The strings and numbers at a path; an array on the way stands for each of its elements. */
export function jsonAt(value: Value, path: readonly string[]): string[] {
  let here: unknown[] = [parsedJson(value)]
  for (const name of path)
    here = here.flatMap(elements).flatMap((one) => {
      const inside = typeof one === 'object' && one !== null ? (one as Record<string, unknown>) : {}
      return Object.hasOwn(inside, name) ? [inside[name]] : []
    })
  return here.flatMap(elements).filter((one) => typeof one === 'string')
}

const elements = (one: unknown): unknown[] => (Array.isArray(one) ? one.flatMap(elements) : [one])

/** With numbers as texts: an id beyond 2^53 keeps its digits. */
function parsedJson(value: Value): unknown {
  const text = value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : (value ?? '')
  try {
    return JSON.parse(text, (_, one: unknown, context?: { source?: string }) =>
      typeof one === 'number' ? (context?.source ?? String(one)) : one,
    ) as unknown
  } catch {
    return undefined
  }
}
