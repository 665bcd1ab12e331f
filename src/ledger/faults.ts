/** In the order of finding: entries, end, keys, checkpoints, what others know. */
export const faultKinds = [
  'changed',
  'missing',
  'inserted',
  'removed',
  'cut off',
  'head',
  'key',
  'checkpoint',
  'signature',
  'root',
  'tree',
  'anchor',
] as const
export interface Fault {
  /** The entry, or the size of the checkpoint, where it breaks. */
  readonly seq: number
  readonly fault: (typeof faultKinds)[number]
  readonly message: string
}

/** What was reckoned on the way, at the sizes somebody signed something about. */
export type Stands = ReadonlyMap<number, { readonly root: string; readonly head: string }>
