import { canonicalJson } from '../../base/json.ts'
import type { Keys } from '../../ops/sealing.ts'
import type { Value } from '../../stores/port.ts'

/** A keyed digest of a row's key and the values that make it hers: a reused key is not taken for the same row. */
export const evidenceDigest = (
  keys: Keys,
  key: readonly string[],
  via: readonly string[],
  values: Readonly<Record<string, Value | undefined>>,
): string =>
  keys.hash('evidence', canonicalJson([key, via.map((field) => [field, evidenceText(values[field])])]))

const evidenceText = (value: Value | undefined): string =>
  value instanceof Uint8Array ? Buffer.from(value).toString('base64') : (value ?? '')
