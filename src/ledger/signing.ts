import { createPrivateKey, generateKeyPairSync, sign as signWith } from 'node:crypto'
import { asc, desc, eq, isNotNull } from 'drizzle-orm'
import { canonicalJson } from '../base/json.ts'
import type { Ctx, Reader, Tx } from '../ops/db/database.ts'
import { sha256 } from '../ops/sealing.ts'
import type { Instant } from '../base/instant.ts'
import { append } from './append.ts'
import { tables } from './tables.ts'

/** A public key of the ledger and how it came to be one: what a verifier is given. */
export interface PublicKey {
  /** SPKI, hex. */
  readonly publicKey: string
  /** `{"after", "at", "key", "kind"}` as canonical JSON: fingerprint, the key it took over from, and when. */
  readonly statement: string
  /** By the key itself. */
  readonly signature: string
  /** By the key before, over the same statement; null for the first. */
  readonly endorsement: string | null
}

export const ledgerSubject = 'ledger'

/** Makes the first key pair (Ed25519) when there is none; the private one is kept sealed. Ledger: `ledger.key-made`. */
export async function ensureKey(ctx: Pick<Ctx, 'actor' | 'tx'>): Promise<void> {
  if (await hasKey(ctx.tx)) return
  await ctx.tx.lock('ledger')
  if (!(await hasKey(ctx.tx))) await takeOver(ctx, undefined)
}

/**
 * Makes a new key pair; the old key signs that the new one takes over, and is destroyed. What it signed before stays valid. Ledger:
 * `ledger.key-rotated`. The caller makes a checkpoint, so that the new key is seen at once.
 */
export async function rotateKey(ctx: Pick<Ctx, 'actor' | 'tx'>): Promise<{ readonly fingerprint: string }> {
  await ctx.tx.lock('ledger')
  return { fingerprint: await takeOver(ctx, await currentKey(ctx.tx)) }
}

export async function hasKey(reader: Reader): Promise<boolean> {
  const { ledgerKey } = tables(reader)
  return (await reader.q.select({ id: ledgerKey.id }).from(ledgerKey).limit(1)).length > 0
}

type KeyRow = NonNullable<Awaited<ReturnType<typeof currentKey>>>

async function takeOver(ctx: Pick<Ctx, 'actor' | 'tx'>, before: KeyRow | undefined): Promise<string> {
  const { tx } = ctx
  const { ledgerKey } = tables(tx)
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' }).toString('hex')
  const id = sha256(spki)
  const at = await signingMoment(tx, before)
  const statement = canonicalJson({ kind: 'lethe-key-1', key: id, after: before?.id ?? null, at })
  await tx.q.insert(ledgerKey).values({
    id,
    seq: (before?.seq ?? 0) + 1,
    publicKey: spki.toString('hex'),
    privateKey: pkcs8,
    statement,
    signature: signText(pkcs8, statement),
    endorsement: before?.privateKey ? signText(before.privateKey, statement) : null,
  })
  if (before) await tx.q.update(ledgerKey).set({ privateKey: null }).where(eq(ledgerKey.id, before.id))
  await append(ctx, {
    type: before ? 'ledger.key-rotated' : 'ledger.key-made',
    subject: ledgerSubject,
    body: { key: id, after: before?.id },
  })
  return id
}

/** Ed25519 over UTF-8 text, hex. */
const signText = (pkcs8: string, text: string): string =>
  signWith(
    null,
    Buffer.from(text),
    createPrivateKey({ key: Buffer.from(pkcs8, 'hex'), format: 'der', type: 'pkcs8' }),
  ).toString('hex')

async function currentKey(reader: Reader) {
  const { ledgerKey } = tables(reader)
  const rows = reader.q.select().from(ledgerKey).where(isNotNull(ledgerKey.privateKey))
  const [row] = await rows.orderBy(desc(ledgerKey.seq)).limit(1)
  return row
}

/**
 * When something is signed: now, and never before what was signed last. A transaction that waited for another, and a replica whose clock
 * is behind, would write a history that goes back in time and does not verify.
 */
async function signingMoment(tx: Tx, key: Pick<KeyRow, 'statement'> | undefined): Promise<Instant> {
  const { ledgerCheckpoint } = tables(tx)
  const [last] = await tx.q
    .select({ at: ledgerCheckpoint.at })
    .from(ledgerCheckpoint)
    .orderBy(desc(ledgerCheckpoint.size))
    .limit(1)
  const from = key && (JSON.parse(key.statement) as { at: Instant }).at
  return [last?.at, from].reduce<Instant>((a, b) => (b !== undefined && b > a ? b : a), tx.now)
}

export interface Signer {
  readonly key: string
  /** Now, or when something was signed last where that is later. */
  readonly at: Instant
  sign(text: string): string
}

/** Signs with the key in force; makes the first one where there is none. */
export async function signerOf(ctx: Pick<Ctx, 'actor' | 'tx'>): Promise<Signer> {
  await ensureKey(ctx)
  const row = (await currentKey(ctx.tx)) as KeyRow
  const at = await signingMoment(ctx.tx, row)
  return { key: row.id, at, sign: (text) => signText(row.privateKey as string, text) }
}

/** All keys there were, the first one first. */
export async function publicKeys(reader: Reader | Tx): Promise<(PublicKey & { readonly key: string })[]> {
  const { ledgerKey } = tables(reader)
  const { id: key, publicKey, statement, signature, endorsement } = ledgerKey
  return reader.q
    .select({ key, publicKey, statement, signature, endorsement })
    .from(ledgerKey)
    .orderBy(asc(ledgerKey.seq))
}
