import { type Edit, edited } from './edit.ts'

/**
 * The keys of one object or map. Two keys of hers may become the same word, and a reader would drop one of the two entries: the
 * second gets a number.
 */
export class Keys {
  readonly #taken = new Set<string>()
  readonly #changed: { key: string; edits: readonly Edit[]; write: (key: string, suffix: string) => void }[] =
    []

  /** A key as it stands, its edits, and what writes it anew (called at `settle`): the new key, and what was put behind it. */
  add(key: string, edits: readonly Edit[], write: (key: string, suffix: string) => void): void {
    if (edits.length > 0) this.#changed.push({ key, edits, write })
    else this.#taken.add(key)
  }

  settle(): void {
    for (const { key, edits, write } of this.#changed) {
      const base = edited(key, edits)
      let suffix = ''
      for (let n = 2; this.#taken.has(base + suffix); n++) suffix = ` ${n}`
      this.#taken.add(base + suffix)
      write(base + suffix, suffix)
    }
  }
}
