import { LetheError } from '../../base/errors.ts'
import { StoreError } from '../errors.ts'
import type { StoreFailure } from '../port.ts'

interface Told {
  readonly code?: unknown
  readonly errno?: unknown
  readonly message?: unknown
}

/** MariaDB's answer by its number. Of its message only the name of a key, constraint or column is kept: the rest is values. */
export function mysqlError(store: string, error: unknown): LetheError {
  if (error instanceof LetheError) return error
  const told = (error ?? {}) as Told
  const code = typeof told.code === 'string' ? told.code : ''
  const errno = typeof told.errno === 'number' ? told.errno : 0
  const message = typeof told.message === 'string' ? told.message : ''
  const named = nameIn(message)
  // From here on the driver knows MySQL's words only, which say something else.
  const word = errno >= 4000 ? `error ${errno}` : code || 'nothing'
  return new StoreError(
    failureOf(code, errno, message),
    store,
    `MariaDB answered ${word}${named ? ` on ${named}` : ''}`,
  )
}

/** Names as MariaDB puts them at the end of its messages, or in the text of a foreign key; a value cannot stand there. */
function nameIn(message: string): string | undefined {
  const key = /for key '([\w.$]+)'$/.exec(message)?.[1]
  if (key) return `key ${key}`
  const constraint =
    /^Cannot (?:delete|add) or update a (?:parent|child) row.*CONSTRAINT `([\w$]+)` FOREIGN KEY/.exec(
      message,
    )?.[1]
  if (constraint) return `constraint ${constraint}`
  const rule = /^CONSTRAINT `([\w$.]+)` failed for /.exec(message)?.[1]
  if (rule) return `constraint ${rule}`
  const column = /^(?:Column '([\w$]+)' cannot be null|Data too long for column '([\w$]+)' at row \d+)$/.exec(
    message,
  )
  return column ? `column ${column[1] ?? column[2]}` : undefined
}

const failures: readonly (readonly [StoreFailure, readonly number[]])[] = [
  ['timeout', [1969, 3024]],
  ['busy', [1205, 1213, 1040, 1203, 1226, 1637, 3572, 1020]],
  ['denied', [1044, 1045, 1142, 1143, 1227, 1290, 1370, 1698, 1792, 1836, 4151]],
  // 1048 to 4025: NOT NULL, unique, foreign keys, CHECK; 1264 to 1411: values that do not fit their column.
  ['constraint', [1048, 1062, 1169, 1216, 1217, 1364, 1451, 1452, 1557, 1586, 1644, 3819, 4025]],
  ['constraint', [1264, 1265, 1292, 1366, 1406, 1411, 1525, 1526, 1690]],
  ['schema', [1046, 1049, 1051, 1054, 1064, 1109, 1146, 1267, 1271, 1305, 1356, 1906, 3105]],
  ['unreachable', [1053, 1077, 1152, 1158, 1159, 1160, 1161, 1184, 1927]],
  ['aborted', [1317]],
]

function failureOf(code: string, errno: number, message: string): StoreFailure {
  if (code === 'PROTOCOL_SEQUENCE_TIMEOUT') return 'timeout'
  if (code.startsWith('PROTOCOL_') || code.startsWith('HANDSHAKE_') || /^E[A-Z]{4,}$/.test(code))
    return 'unreachable'
  // The driver's own, without a code.
  if (code === '' && /closed state|connection is closed|Pool is closed/i.test(message)) return 'unreachable'
  return failures.find(([, numbers]) => numbers.includes(errno))?.[0] ?? 'other'
}
