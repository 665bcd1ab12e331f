/** A stream of pseudo-random numbers: sfc32, so that the same seed makes the same stores on every machine. */
export interface Random {
  /** In [0, 1). */
  next(): number
  /** A whole number in [low, high]. */
  int(low: number, high: number): number
  chance(share: number): boolean
  pick<T>(from: readonly [T, ...T[]]): T
}

/**
 * A stream of its own for each thing made (`topic` says of which kind it is, `index` which one), so that any of them can
 * be made again without making those before it: this is what keeps memory flat at any size.
 */
export function randomFor(seed: number, topic: number, index: number): Random {
  let a = seed | 0
  let b = topic | 0
  let c = index | 0
  let d = Math.floor(index / 2 ** 32) + 1
  const word = (): number => {
    const sum = (((a + b) | 0) + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    return sum >>> 0
  }
  for (let round = 0; round < 12; round++) word()
  const next = () => word() / 2 ** 32
  return {
    next,
    int: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (share) => next() < share,
    pick: (from) => from[Math.floor(next() * from.length)] ?? from[0],
  }
}
