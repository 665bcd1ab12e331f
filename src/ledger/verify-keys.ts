import { createPrivateKey, createPublicKey, type KeyObject, verify } from 'node:crypto'
import { asc, sql } from 'drizzle-orm'
import { canonicalJson } from '../base/json.ts'
import type { Reader } from '../ops/db/database.ts'
import { sha256 } from '../ops/sealing.ts'
import { tables } from './tables.ts'
import type { Fault } from './faults.ts'

/** A key that verified, and from when until when it signs. */
export interface Ringed {
  readonly key: KeyObject
  readonly from: string
  readonly until: string | undefined
}
export type Ring = ReadonlyMap<string, Ringed>

/**
 * The keys in force now and before. The newest is known by its private half, which opens with the service's key only; each
 * other one is named by the statement of the key after it.
 */
export async function keyFaults(
  reader: Reader,
): Promise<{ readonly ring: Ring; readonly faults: readonly Fault[] }> {
  const { ledgerKey } = tables(reader)
  const { id, publicKey, statement: said, signature, endorsement } = ledgerKey
  const privateKey = sql<string | null>`${ledgerKey.privateKey}`
  const rows = await reader.q
    .select({ id, publicKey, privateKey, statement: said, signature, endorsement })
    .from(ledgerKey)
    .orderBy(asc(ledgerKey.seq))
  const ring = new Map<string, Ringed>()
  const faults: Fault[] = []
  let after: { readonly id: string; readonly from: string; readonly names: string | null } | undefined
  for (const [i, row] of [...rows.entries()].reverse()) {
    const at = momentIn(row.statement)
    const before = rows[i - 1]
    const statement = canonicalJson({ kind: 'lethe-key-1', key: row.id, after: before?.id ?? null, at })
    const isKnown = after ? after.names === row.id : opensTo(reader, row.privateKey, row.publicKey)
    const isWhole =
      row.statement === statement &&
      sha256(Buffer.from(row.publicKey, 'hex')) === row.id &&
      signed(row.publicKey, statement, row.signature) &&
      (before ? signed(before.publicKey, statement, row.endorsement ?? '') : row.endorsement === null)
    if (isKnown && isWhole) ring.set(row.id, { key: keyOf(row.publicKey), from: at, until: after?.from })
    else
      faults.push({ seq: 0, fault: 'key', message: `the signing key ${row.id} was not made by this service` })
    after = { id: row.id, from: at, names: before?.id ?? null }
  }
  return { ring, faults }
}

/** Empty where the statement is none: it is compared with the one it should be. */
function momentIn(statement: string): string {
  try {
    return String((JSON.parse(statement) as { at: unknown }).at)
  } catch {
    return ''
  }
}

const keyOf = (spki: string): KeyObject =>
  createPublicKey({ key: Buffer.from(spki, 'hex'), format: 'der', type: 'spki' })

function signed(spki: string, text: string, signature: string): boolean {
  try {
    return verify(null, Buffer.from(text), keyOf(spki), Buffer.from(signature, 'hex'))
  } catch {
    // No key at all.
    return false
  }
}

function opensTo(reader: Reader, sealed: string | null, spki: string): boolean {
  try {
    const pkcs8 = JSON.parse(reader.keys.open(sealed ?? '')) as string
    const key = createPrivateKey({ key: Buffer.from(pkcs8, 'hex'), format: 'der', type: 'pkcs8' })
    return createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('hex') === spki
  } catch {
    return false
  }
}
