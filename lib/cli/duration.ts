import { invalidText } from './arguments.js'

const MS_PER_UNIT: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** Parses a duration such as `500ms`, `90s`, `10m` or `2h` to milliseconds. The default unit is seconds. */
export function parseDuration(option: string, text: string, expected = 'a duration'): number {
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text) ?? []
  if (number !== undefined) return Number(number) * (MS_PER_UNIT[unit] ?? Number.NaN)
  throw invalidText(option, `${expected} such as 500ms, 90s, 10m or 2h (without a unit: seconds)`, text)
}

/** Parses a duration to milliseconds. Returns undefined for `unlimited`. */
export function parseTimeout(option: string, text: string): number | undefined {
  return text === 'unlimited' ? undefined : parseDuration(option, text, 'unlimited or a duration')
}

/** Formats milliseconds, such as `3.2 s`, `2 m 05 s` or `1 h 02 m`. */
export function durationText(ms: number): string {
  const seconds = Math.round(Math.max(0, ms) / 100) / 10
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  const wholeSeconds = Math.round(seconds)
  const minutes = Math.floor(wholeSeconds / 60)
  return minutes < 60
    ? `${minutes} m ${twoDigits(wholeSeconds % 60)} s`
    : `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} m`
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0')
}
