const FORM = /^(?!0000)\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/i

/**
 * Reads a timestamp of the API, such as `2024-05-01T08:30:00.123456789Z`, as a Date.
 *
 * A Date counts milliseconds: what is finer is cut off, never rounded up. Undefined where there is none, or it is no
 * timestamp: not RFC 3339, a day that its month does not have, or a leap second, which the API does not send.
 *
 * Source: RFC 3339; google/protobuf/timestamp.proto.
 */
export function parseTimestamp(timestamp: string | undefined): Date | undefined {
  if (timestamp === undefined || !FORM.test(timestamp)) return undefined
  const date = new Date(timestamp)
  return Number.isNaN(date.getTime()) || !isDay(timestamp.slice(0, 10)) ? undefined : date
}

/** Date takes the 30th of February for the 1st of March. */
function isDay(day: string): boolean {
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)
}
