import { formatValue } from './format-value.js'
import { isMisspelled } from './similar-text.js'

/** Thrown if an option is invalid. `message` contains the option, the valid values and the rejected value. */
export class InvalidOption extends RangeError {
  override readonly name: string = 'InvalidOption'
  readonly option: string

  constructor(
    option: string,
    expected: string,
    rejectedValue: unknown,
    format: (rejectedValue: unknown) => string = formatValue,
    message = `${option} must be ${expected}, got ${format(rejectedValue)}`,
  ) {
    super(message)
    this.option = option
  }
}

/** A range of numbers; both bounds are inclusive. */
export interface Range {
  readonly from: number
  readonly to: number
}

/** Returns the number if it is in the range. Throws {@link InvalidOption} otherwise. */
export function inRange(option: string, value: number, unit: string, { from, to }: Range): number {
  if (typeof value === 'number' && value >= from && value <= to) return value
  throw new InvalidOption(option, `a number${unit && ` of ${unit}`} from ${from} to ${to}`, value)
}

/** Returns the time if it is finite and at least `from` milliseconds. Throws {@link InvalidOption} otherwise. */
export function milliseconds(option: string, value: number, from: number): number {
  if (typeof value === 'number' && value >= from && value <= Number.MAX_SAFE_INTEGER) return value
  throw new InvalidOption(option, `a finite number of milliseconds, at least ${from}`, value)
}

/**
 * Throws {@link InvalidOption} if an option has a misspelled name. Ignores other unknown names, because the descriptor of a
 * method may have further members, and options that are undefined.
 */
export function checkNames(options: object, names: readonly string[]): void {
  for (const [option, value] of Object.entries(options)) {
    if (value === undefined || names.includes(option)) continue
    const meant = names.find((name) => isMisspelled(option, name))
    const message = `${option} is not an option; did you mean ${meant}?`
    if (meant !== undefined) throw new InvalidOption(option, '', value, formatValue, message)
  }
}
