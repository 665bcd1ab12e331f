import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { LetheError } from '../base/errors.ts'
import type { Instant } from '../base/instant.ts'
import { append } from '../ledger/append.ts'
import type { Ctx, Reader } from '../ops/db/database.ts'
import { composePackage } from './compose.ts'
import type { PackageContent } from './model.ts'
import { openSealedFile, type RandomFile } from './seal/sealed-file.ts'
import { writeSealed } from './seal/write-sealed.ts'
import { type PackageRecord, recordOf } from './show-package.ts'
import { tables } from './tables.ts'

export interface BuildDeps {
  /** Where packages lie; made with mode 0700 when it is missing. */
  readonly folder: string
  /** A job's `checkpoint`, or `(work) => db.transact((tx) => work({ actor, clock, tx }))`. */
  checkpoint<T>(work: (ctx: Ctx) => Promise<T>): Promise<T>
  readonly signal?: AbortSignal | undefined
  /** Looks over the finished ZIP before it counts; what it throws stops the build, and no file is left. */
  check?(file: RandomFile): Promise<void>
}

/**
 * Makes the package of an access or portability request (Art. 15(3), 20), sealed at rest with a key of its own until
 * `expiresAt` (UTC). Safe to run twice with the same `id` (upper-case letters and digits): what is built is answered,
 * what is half is done again. 1. the file is written whole, 2. its key is recorded: a crash between leaves a file nobody can
 * open, which the next run overwrites and the sweep removes. Nothing is held in a transaction while rows are read. Fails
 * with whatever a source or the look over the finished file failed with and leaves no file; `conflict` when a collection changed between its two readings, or
 * the package was destroyed. Ledger: `package.built`.
 */
export async function buildPackage(
  deps: BuildDeps,
  input: { readonly id: string; readonly content: PackageContent; readonly expiresAt: Instant },
): Promise<PackageRecord> {
  const { id } = input
  if (!/^[0-9A-Z]{1,64}$/.test(id))
    throw new LetheError('invalid', 'a package id holds upper-case letters and digits only', {
      hint: 'Take newId().',
    })
  const before = await deps.checkpoint(({ tx }) => builtBefore(tx, id))
  if (before) return before
  const identity = await generateX25519Identity()
  const recipient = await identityToRecipient(identity)
  const file = `${id}.age`
  const { stream, counts } = composePackage(input.content)
  const plain = await writeSealed(stream, join(deps.folder, file), recipient, { signal: deps.signal })
  await checked(deps, join(deps.folder, file), identity)
  const { reference } = input.content.head
  return deps.checkpoint(async (ctx) => {
    const { tx } = ctx
    const row = {
      id,
      reference,
      identity,
      file,
      ...plain,
      counts: counts(),
      createdAt: tx.now,
      expiresAt: input.expiresAt,
    }
    await tx.q.insert(tables(tx).package).values(row)
    await append(ctx, {
      type: 'package.built',
      subject: `request:${reference}`,
      body: { package: id, ...plain, ...row.counts, expiresAt: input.expiresAt },
    })
    return recordOf({ ...row, openedAt: null, destroyedAt: null })
  })
}

async function checked({ check }: BuildDeps, path: string, identity: string): Promise<void> {
  if (!check) return
  try {
    const file = await openSealedFile(path, identity)
    try {
      await check(file)
    } finally {
      await file.close()
    }
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
}

async function builtBefore(reader: Reader, id: string): Promise<PackageRecord | undefined> {
  const { package: table } = tables(reader)
  const [row] = await reader.q.select().from(table).where(eq(table.id, id))
  if (!row) return undefined
  if (row.destroyedAt === null) return recordOf(row)
  throw new LetheError('conflict', 'this package was destroyed', {
    hint: 'Build a new one under an id of its own.',
  })
}
