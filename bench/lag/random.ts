/** Numbers from 0 to 1, the same for a seed on every machine. */
export type Random = () => number

/** A generator of 32 bits that walks by a constant and mixes what it gets. */
export function seeded(seed: number): Random {
  let state = seed | 0
  return () => {
    state = (state + 0x9e3779b9) | 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32
  }
}

/** A number that may be anything from one to the other. */
export function between(random: Random, from: number, to: number): number {
  return from + (to - from) * random()
}
