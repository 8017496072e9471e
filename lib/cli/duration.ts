import { UsageError } from './arguments.js'

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** Reads a duration into milliseconds: `500ms`, `90s`, `10m`, `2h`; a bare number is seconds. */
export function parseDuration(what: string, given: string): number {
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(given) ?? []
  if (number !== undefined) return Number(number) * (UNITS[unit] ?? Number.NaN)
  throw new UsageError(
    `${what} must be a duration such as 500ms, 90s, 10m or 2h, got ${JSON.stringify(given)}`,
  )
}

/** Reads a duration that may be `unlimited`, which is undefined. */
export function parseLimit(what: string, given: string): number | undefined {
  if (given === 'unlimited') return undefined
  try {
    return parseDuration(what, given)
  } catch {
    throw new UsageError(
      `${what} must be unlimited or a duration such as 500ms, 90s, 10m or 2h, got ${JSON.stringify(given)}`,
    )
  }
}

/** Writes milliseconds for a person: `3.2 s`, `2 m 05 s`, `1 h 02 m`. */
export function durationText(ms: number): string {
  const tenths = Math.round(Math.max(0, ms) / 100)
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`
  const seconds = Math.round(tenths / 10)
  const minutes = Math.floor(seconds / 60)
  return minutes < 60
    ? `${minutes} m ${padded(seconds % 60)} s`
    : `${Math.floor(minutes / 60)} h ${padded(minutes % 60)} m`
}

function padded(number: number): string {
  return String(number).padStart(2, '0')
}
