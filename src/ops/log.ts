import pino from 'pino'
import { isLetheError } from '../base/errors.ts'

/** Structured, to stderr. Fields come from an allow-list, so that personal data cannot slip in with an object. */
export interface Log {
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields & { error?: unknown }): void
}

/** The only fields that are written; ids and counts, never values. */
export interface LogFields {
  job?: string
  jobId?: string
  step?: string
  store?: string
  collection?: string
  order?: string
  reference?: string
  rule?: string
  count?: number
  attempt?: number
  code?: string
  status?: number
  method?: string
  route?: string
  ms?: number
  port?: number
  url?: string
}

const allowed = new Set([
  'job',
  'jobId',
  'step',
  'store',
  'collection',
  'order',
  'reference',
  'rule',
  'count',
  'attempt',
  'code',
  'status',
  'method',
  'route',
  'ms',
  'port',
  'url',
])

/** Driver errors carry parameters and key values in their text: only their code and kind leave. */
function errorFields(error: unknown): Record<string, unknown> {
  if (isLetheError(error))
    return { code: error.code, error: error.code === 'internal' ? error.message : undefined }
  if (!(error instanceof Error)) return { error: typeof error }
  const cause = (error.cause ?? error) as { code?: unknown; name?: unknown }
  const frames = (error.stack ?? '')
    .split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .slice(0, 6)
  return {
    error: error.name,
    code: typeof cause.code === 'string' ? cause.code : undefined,
    stack: frames.map((f) => f.trim()),
  }
}

export function openLog(
  level: string = 'info',
  destination: pino.DestinationStream = pino.destination(2),
): Log {
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination)
  const clean = (fields: Record<string, unknown> = {}) => ({
    ...Object.fromEntries(Object.entries(fields).filter(([key]) => allowed.has(key))),
    ...('error' in fields ? errorFields(fields['error']) : {}),
  })
  return {
    info: (event, fields) => logger.info(clean({ ...fields }), event),
    warn: (event, fields) => logger.warn(clean({ ...fields }), event),
    error: (event, fields) => logger.error(clean({ ...fields }), event),
  }
}

export const silentLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }
