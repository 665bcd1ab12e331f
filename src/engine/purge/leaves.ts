import { hash } from 'node:crypto'
import { canonicalJson } from '../../base/json.ts'
import type { Keys } from '../../ops/sealing.ts'

/**
 * Stands for rows of a collection: who knows a row's key and holds the service's key can show that it was in a batch; nobody
 * else learns anything. The secret is on both sides of the key, and one per collection: an HMAC a row would cost more than
 * deleting it.
 */
export function leavesOf(keys: Keys, collection: string, rows: readonly (readonly string[])[]): string[] {
  const secret = keys.hash('purge-row', collection)
  return rows.map((key) => hash('sha256', `${secret}${canonicalJson(key)}${secret}`))
}
