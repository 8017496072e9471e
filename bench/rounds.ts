import { type Quartiles, quartiles } from './quantile.ts'

/** The measured values of some contenders. */
export interface Rounds<Name extends string> {
  readonly names: readonly Name[]
  readonly rounds: number
  /** The number of rounds before the measurement. */
  readonly warmUp: number
  /** The values of each contender, one for each round. */
  readonly values: Readonly<Record<Name, readonly number[]>>
}

interface RoundsOptions {
  readonly rounds: number
  /** The maximum number of additional rounds at the start that are not measured. */
  readonly maxWarmUp: number
}

/** The largest relative difference of two successive rounds of a contender that is steady. */
const STEADY = 0.05

/**
 * Measures all contenders in rounds. The order rotates with each round. The measurement begins when two successive
 * rounds of each contender have agreed once.
 */
export async function measureRounds<Name extends string>(
  names: readonly Name[],
  { rounds, maxWarmUp }: RoundsOptions,
  measure: (name: Name) => number | Promise<number>,
  onRound: (done: number, total: number) => void,
): Promise<Rounds<Name>> {
  const all = recordOf(names, (): number[] => [])
  let warmUp = maxWarmUp
  for (let n = 0; n < warmUp + rounds; n += 1) {
    const rotated = names.map((name, index) => names[(index + n) % names.length] ?? name)
    for (const name of n % 2 === 0 ? rotated : rotated.reverse()) all[name].push(await measure(name))
    if (names.every((name) => hasSteadyRounds(all[name]))) warmUp = Math.min(warmUp, n + 1)
    onRound(n + 1, warmUp + rounds)
  }
  return { names, rounds, warmUp, values: recordOf(names, (name) => all[name].slice(warmUp)) }
}

/** Returns the ratios of each contender to another one in the same round. */
export function ratiosTo<Name extends string>(
  { names, values }: Pick<Rounds<Name>, 'names' | 'values'>,
  other: Name,
): Readonly<Record<Name, Quartiles>> {
  return recordOf(names, (name) =>
    quartiles(values[name].map((value, n) => value / (values[other][n] ?? Number.NaN))),
  )
}

/** Returns whether two successive rounds agree. */
export function hasSteadyRounds(values: readonly number[]): boolean {
  return values.some((value, n) => Math.abs(value / (values[n - 1] ?? Number.NaN) - 1) <= STEADY)
}

/** Returns a record with a value for each name. */
export function recordOf<Name extends string, A>(
  names: readonly Name[],
  create: (name: Name) => A,
): Record<Name, A> {
  return Object.fromEntries(names.map((name) => [name, create(name)])) as Record<Name, A>
}
