import type { TableSource } from './ops/db/kit.ts'
import { tables as jobs } from './ops/jobs/tables.ts'
import { tables as purge } from './engine/purge/tables.ts'
import { tables as others } from './engine/others/tables.ts'
import { tables as replay } from './engine/replay/tables.ts'
import { tables as engine } from './engine/tables.ts'
import { tables as evidence } from './evidence/tables.ts'
import { tables as exported } from './export/tables.ts'
import { tables as holds } from './holds/tables.ts'
import { tables as ledger } from './ledger/tables.ts'
import { tables as notify } from './notify/tables.ts'
import { tables as officers } from './officers/tables.ts'
import { tables as requests } from './requests/tables.ts'
import { tables as retention } from './retention/tables.ts'
import { tables as api } from './web/api/tables.ts'

/** Every room's tables, for the migration generator and the tests that look at all of them. */
const rooms = [
  jobs,
  ledger,
  engine,
  exported,
  officers,
  notify,
  requests,
  holds,
  purge,
  retention,
  evidence,
  api,
  replay,
  others,
]

/** By room and name: two rooms may use one word, their tables in the database may not. */
export const schema = (source: TableSource): Record<string, unknown> =>
  Object.fromEntries(
    rooms.flatMap((tables, room) =>
      Object.entries(tables(source)).map(([name, table]) => [`${room}_${name}`, table]),
    ),
  )
