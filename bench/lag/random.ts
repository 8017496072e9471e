/** Returns numbers from 0 to 1, with the same sequence for a seed on every machine. */
export type Random = () => number

/** Returns a 32-bit generator that adds a constant to its state and mixes the bits of the result. */
export function seeded(seed: number): Random {
  let state = seed | 0
  return () => {
    state = (state + 0x9e3779b9) | 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32
  }
}

/** Returns a standard normal random number, with the Box-Muller transform. */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** Returns a uniform random number in the interval. */
export function between(random: Random, from: number, to: number): number {
  return from + (to - from) * random()
}
