import type { Keys } from '../../ops/sealing.ts'
import { canonicalJson } from '../../base/json.ts'
import { sha256 } from '../../ops/sealing.ts'

/** Stands for one row: who knows its key and holds the service's key can show that it was in a batch; nobody else learns anything. */
export const leafOf = (keys: Keys, collection: string, key: readonly string[]): string =>
  keys.hash('purge-row', canonicalJson([collection, key]))

/** Root of a binary tree of SHA-256 over hex texts; an odd one goes up alone. Leaves and nodes are hashed apart. */
export function merkleRoot(leaves: readonly string[]): string {
  let level = leaves.map((leaf) => sha256(`leaf:${leaf}`))
  if (level.length === 0) return sha256('')
  while (level.length > 1) {
    const above: string[] = []
    for (let i = 0; i < level.length; i += 2)
      above.push(i + 1 < level.length ? sha256(`node:${level[i]}${level[i + 1]}`) : (level[i] as string))
    level = above
  }
  return level[0] as string
}
