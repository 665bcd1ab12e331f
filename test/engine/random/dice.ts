/** Chance from a seed: the same seed always gives the same world. */
export interface Dice {
  /** From 0 to below `n`. */
  below(n: number): number
  chance(p: number): boolean
  pick<T>(list: readonly T[]): T
  /** Each option as often as its weight says. */
  weighed<T extends string>(weights: Readonly<Record<T, number>>): T
  some<T>(list: readonly T[], p: number): T[]
}

/** mulberry32: 32 bits of state are enough for a world. */
export function dice(seed: number): Dice {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  for (let i = 0; i < 4; i++) next()
  const below = (n: number) => Math.floor(next() * n)
  return {
    below,
    chance: (p) => next() < p,
    pick<T>(list: readonly T[]): T {
      if (list.length === 0) throw new Error('nothing to pick from')
      return list[below(list.length)] as T
    },
    weighed<T extends string>(weights: Readonly<Record<T, number>>): T {
      const options = Object.entries(weights) as [T, number][]
      let at = next() * options.reduce((sum, [, weight]) => sum + weight, 0)
      for (const [option, weight] of options) if ((at -= weight) < 0) return option
      return (options[0] as [T, number])[0]
    },
    some: (list, p) => list.filter(() => next() < p),
  }
}
