import type { TableSource } from './ops/db/kit.ts'
import { tables as jobs } from './ops/jobs/tables.ts'
import { tables as engine } from './engine/tables.ts'
import { tables as ledger } from './ledger/tables.ts'

/** Every room's tables, for the migration generator and the tests that look at all of them. */
const rooms = [jobs, ledger, engine]

export const schema = (source: TableSource): Record<string, unknown> =>
  Object.assign({}, ...rooms.map((tables) => tables(source)))
