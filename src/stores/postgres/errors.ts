import { LetheError } from '../../base/errors.ts'
import { StoreError } from '../errors.ts'
import type { StoreFailure } from '../port.ts'

interface Told {
  readonly code?: unknown
  readonly constraint?: unknown
  readonly table?: unknown
  readonly column?: unknown
  readonly message?: unknown
}

/** PostgreSQL's answer by its SQLSTATE, without its message and detail: those hold values. */
export function postgresError(store: string, error: unknown): LetheError {
  if (error instanceof LetheError) return error
  const told = (error ?? {}) as Told
  const code = typeof told.code === 'string' ? told.code : ''
  const message = typeof told.message === 'string' ? told.message : ''
  const named = (['table', 'column', 'constraint'] as const).flatMap((part) =>
    typeof told[part] === 'string' && told[part] !== '' ? [`${part} ${told[part]}`] : [],
  )
  const failure = failureOf(code, message)
  const at = named.length > 0 ? ` on ${named.join(', ')}` : ''
  const rls = /row-level security/.test(message)
  return new StoreError(failure, store, `PostgreSQL answered ${code || 'nothing'}${at}`, {
    ...(rls && {
      hint: 'A row security policy would hide rows from this account: give it BYPASSRLS, or it finds too little.',
    }),
  })
}

function failureOf(code: string, message: string): StoreFailure {
  if (code === '57014') return 'timeout'
  if (code === '55P03' || code === '40001' || code === '40P01' || code.startsWith('53')) return 'busy'
  if (code.startsWith('08') || code.startsWith('57P') || /^E[A-Z_]{4,}$/.test(code)) return 'unreachable'
  if (code.startsWith('28') || code === '42501' || code === '25006') return 'denied'
  if (code.startsWith('23') || code.startsWith('22') || code === '428C9') return 'constraint'
  if (code.startsWith('42') || code.startsWith('3D') || code.startsWith('3F')) return 'schema'
  // The driver's own, without a code: a broken or refused connection.
  return code === '' && /terminat|timeout|connection|Connection|closed|ended/.test(message)
    ? 'unreachable'
    : 'other'
}
