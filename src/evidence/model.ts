import type { Instant } from '../base/instant.ts'
import type { Checkpoint } from '../ledger/checkpoint.ts'
import type { OpenEntry } from '../ledger/open-entries.ts'
import type { PublicKey } from '../ledger/signing.ts'

/**
 * What the ledger says of one request, with all that is needed to check it without the service: docs/evidence.md says how. Hashes,
 * keys and signatures are lower-case hex; every hash is SHA-256.
 */
export interface Evidence {
  readonly kind: 'lethe-evidence-1'
  /** `receipt` holds one entry: what was done. `request` holds all of them. */
  readonly scope: 'request' | 'receipt'
  readonly subject: string
  readonly issuer: { readonly name: string; readonly url: string }
  readonly at: Instant
  /** From the first to the one in force. */
  readonly keys: readonly PublicKey[]
  /** The first that covers each entry, and the newest. */
  readonly checkpoints: readonly Checkpoint[]
  /** Between each of them and the next. */
  readonly consistency: readonly {
    readonly from: number
    readonly to: number
    readonly path: readonly string[]
  }[]
  /** `path` leads from the leaf to the root of the newest checkpoint. */
  readonly entries: readonly (OpenEntry & { readonly path: readonly string[] })[]
  /** By the key of the newest checkpoint, over everything else. */
  readonly seal: string
}

/** A name of what was checked, in the order of checking. */
export const checkNames = [
  'form',
  'keys',
  'checkpoints',
  'consistency',
  'inclusion',
  'chain',
  'seal',
  'known',
  'trust',
] as const
export type CheckName = (typeof checkNames)[number]

export interface Checked {
  /** Everything that was checked holds, and it is signed by a key that was trusted, where one was named. */
  readonly ok: boolean
  /** `unasked`: no trusted key was named, so nobody knows yet whose signature this is. */
  readonly trust: 'proved' | 'unproved' | 'unasked'
  readonly checks: readonly { readonly name: CheckName; readonly ok: boolean; readonly where?: string }[]
  /** Undefined when the file is no evidence at all. */
  readonly facts: Facts | undefined
}

export interface Facts {
  readonly subject: string
  readonly scope: Evidence['scope']
  readonly issuer: Evidence['issuer']
  readonly at: string
  readonly checkpoint: { readonly size: number; readonly at: string; readonly root: string }
  readonly fingerprints: readonly string[]
  /** Of the checkpoints that were known before: compared, and those newer than this evidence. */
  readonly known: { readonly same: number; readonly newer: number; readonly other: number }
  readonly entries: readonly {
    readonly seq: number
    readonly at: string
    readonly by: string
    readonly type: string
    readonly body: Readonly<Record<string, unknown>>
    /** It was there when this checkpoint was signed. */
    readonly coveredAt: string
  }[]
}
