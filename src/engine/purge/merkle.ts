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

/** Root of a binary tree of SHA-256 over hex texts; an odd one goes up alone. Leaves and nodes are hashed apart. */
export function merkleRoot(leaves: readonly string[]): string {
  let level = leaves.map((leaf) => hash('sha256', `leaf:${leaf}`))
  if (level.length === 0) return hash('sha256', '')
  while (level.length > 1) {
    const above: string[] = []
    for (let i = 0; i < level.length; i += 2)
      above.push(
        i + 1 < level.length ? hash('sha256', `node:${level[i]}${level[i + 1]}`) : (level[i] as string),
      )
    level = above
  }
  return level[0] as string
}
