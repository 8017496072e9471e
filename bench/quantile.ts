/** Returns a quantile of the values, by linear interpolation. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort()
  const index = (sorted.length - 1) * share
  const below = sorted[Math.floor(index)] ?? Number.NaN
  const above = sorted[Math.ceil(index)] ?? Number.NaN
  return below + (above - below) * (index - Math.floor(index))
}

/** The median and the quartiles of some values. */
export interface Quartiles {
  readonly median: number
  readonly lower: number
  readonly upper: number
}

export function quartiles(values: readonly number[]): Quartiles {
  return {
    median: quantile(values, 0.5),
    lower: quantile(values, 0.25),
    upper: quantile(values, 0.75),
  }
}
