import type { Reader } from '../ops/db/database.ts'
import { type Hold, listHolds } from './list.ts'
import type { Blocks } from './tables.ts'

/** What suspends that kind of work now, overdue reviews included (Art. 17(3)(e), 18(2)). */
export async function holdsInForce(reader: Reader, blocks: Blocks): Promise<Hold[]> {
  return (await listHolds(reader, { inForce: true })).filter((held) => held.blocks.includes(blocks))
}
