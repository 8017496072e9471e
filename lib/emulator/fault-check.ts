import { validateHeaderName, validateHeaderValue } from 'node:http'
import type { NetworkFault } from './frame.js'
import { isJson } from './json.js'
import { allowOnly, asObject, type Members, reject } from './refuse.js'

const FAULTS: Readonly<Record<NetworkFault, true>> = {
  reset: true,
  'reset-in-body': true,
  'cut-short': true,
  drip: true,
  endless: true,
  'gzip-bomb': true,
}

/** Throws a RangeError unless this is a {@link Fault}. */
export function checkFault(where: string, fault: unknown): void {
  const given = asObject(where, fault)
  if (!isFault(given)) reject(where, 'an object with httpResponse, stall or fault', fault)
  checkInstead(where, given, [])
}

/** Is this a frame that has a fault in place of an operation? */
export function isFault(given: Members): boolean {
  return 'stall' in given || 'httpResponse' in given || 'fault' in given
}

/** Checks what stands in place of an operation, beside which a frame may have its condition. */
export function checkInstead(where: string, given: Members, condition: readonly string[]): void {
  const { stall, httpResponse, fault } = given
  if ('stall' in given) {
    allowOnly(where, given, [...condition, 'stall'])
    if (stall !== true) reject(`${where}: stall`, 'true', stall)
  } else if ('httpResponse' in given) {
    allowOnly(where, given, [...condition, 'httpResponse'])
    checkAnswer(`${where}: httpResponse`, asObject(`${where}: httpResponse`, httpResponse))
  } else {
    if (typeof fault !== 'string' || !Object.hasOwn(FAULTS, fault)) {
      reject(`${where}: fault`, `one of ${Object.keys(FAULTS).join(', ')}`, fault)
    }
    allowOnly(
      where,
      given,
      fault === 'reset' ? [...condition, 'fault'] : [...condition, 'fault', 'httpStatus'],
    )
    if ('httpStatus' in given) checkStatus(`${where}: httpStatus`, given.httpStatus)
  }
}

function checkStatus(where: string, httpStatus: unknown): void {
  if (!isStatus(httpStatus) || httpStatus === 204 || httpStatus === 304) {
    reject(where, 'a whole number from 200 to 599, and not 204 or 304', httpStatus)
  }
}

function checkAnswer(where: string, httpResponse: Members): void {
  allowOnly(where, httpResponse, ['httpStatus', 'headers', 'body'])
  const { httpStatus, headers, body } = httpResponse
  if (!isStatus(httpStatus)) {
    reject(`${where}.httpStatus`, 'a whole number from 200 to 599', httpStatus)
  }
  if ('body' in httpResponse && !isJson(body)) reject(`${where}.body`, 'JSON', body)
  if (!('headers' in httpResponse)) return
  for (const [name, value] of Object.entries(asObject(`${where}.headers`, headers))) {
    if (!isHeader(name, value)) reject(`${where}.headers.${name}`, 'a header that HTTP can carry', value)
  }
}

function isStatus(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 200 && Number(value) <= 599
}

function isHeader(name: string, value: unknown): boolean {
  const lines: readonly unknown[] = Array.isArray(value) ? value : [value]
  try {
    validateHeaderName(name)
    for (const line of lines) if (typeof line === 'string') validateHeaderValue(name, line)
    return lines.length > 0 && lines.every((line) => typeof line === 'string')
  } catch {
    return false
  }
}
