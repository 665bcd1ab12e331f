import type { Checkpoint } from '../../ledger/checkpoint.ts'
import type { Checked } from '../model.ts'

export function canonical(value: unknown): string
export function isIncluded(
  leaf: string,
  index: number,
  size: number,
  path: readonly string[],
  root: string,
): Promise<boolean>
export function isConsistent(
  from: number,
  to: number,
  path: readonly string[],
  oldRoot: string,
  newRoot: string,
): Promise<boolean>
export function checkEvidence(
  evidence: unknown,
  options?: { readonly trusted?: readonly string[]; readonly known?: readonly Checkpoint[] },
): Promise<Checked>
