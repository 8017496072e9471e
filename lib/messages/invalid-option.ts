import { formatValue } from './format-value.js'

/** Thrown at once where an option is out of its range; `message` names the option, the range and what was given. */
export class InvalidOption extends RangeError {
  override readonly name: string = 'InvalidOption'
  readonly option: string

  constructor(
    option: string,
    expected: string,
    given: unknown,
    draw: (given: unknown) => string = formatValue,
  ) {
    super(`${option} must be ${expected}, got ${draw(given)}`)
    this.option = option
  }
}

/** The ends of a range, both allowed. */
export interface Range {
  readonly from: number
  readonly to: number
}

/** The number itself where it lies in the range; otherwise throws {@link InvalidOption}. */
export function inRange(option: string, value: number, unit: string, { from, to }: Range): number {
  if (typeof value === 'number' && value >= from && value <= to) return value
  throw new InvalidOption(option, `a number${unit && ` of ${unit}`} from ${from} to ${to}`, value)
}

/** A finite time of at least `from` milliseconds, itself; otherwise throws {@link InvalidOption}. */
export function milliseconds(option: string, value: number, from: number): number {
  if (typeof value === 'number' && value >= from && value <= Number.MAX_SAFE_INTEGER) return value
  throw new InvalidOption(option, `a finite number of milliseconds, at least ${from}`, value)
}
