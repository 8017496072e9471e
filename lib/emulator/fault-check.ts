import { validateHeaderName, validateHeaderValue } from 'node:http'
import type { NetworkFault } from './frame.js'
import { isJson } from './json.js'
import { type Members, members, only, refuse } from './refuse.js'

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
  const given = members(where, fault)
  if (!isFault(given)) refuse(where, 'an object with answer, stall or fault', fault)
  checkInstead(where, given, [])
}

/** Is this a frame that has a fault in place of an operation? */
export function isFault(given: Members): boolean {
  return 'stall' in given || 'answer' in given || 'fault' in given
}

/** Checks what stands in place of an operation, beside which a frame may have its condition. */
export function checkInstead(where: string, given: Members, condition: readonly string[]): void {
  const { stall, answer, fault } = given
  if ('stall' in given) {
    only(where, given, [...condition, 'stall'])
    if (stall !== true) refuse(`${where}: stall`, 'true', stall)
  } else if ('answer' in given) {
    only(where, given, [...condition, 'answer'])
    checkAnswer(`${where}: answer`, members(`${where}: answer`, answer))
  } else {
    if (typeof fault !== 'string' || !Object.hasOwn(FAULTS, fault)) {
      refuse(`${where}: fault`, `one of ${Object.keys(FAULTS).join(', ')}`, fault)
    }
    only(where, given, fault === 'reset' ? [...condition, 'fault'] : [...condition, 'fault', 'httpStatus'])
    if ('httpStatus' in given) checkStatus(`${where}: httpStatus`, given.httpStatus)
  }
}

function checkStatus(where: string, httpStatus: unknown): void {
  if (!isStatus(httpStatus) || httpStatus === 204 || httpStatus === 304) {
    refuse(where, 'a whole number from 200 to 599, and not 204 or 304', httpStatus)
  }
}

function checkAnswer(where: string, answer: Members): void {
  only(where, answer, ['httpStatus', 'headers', 'body'])
  const { httpStatus, headers, body } = answer
  if (!isStatus(httpStatus)) {
    refuse(`${where}.httpStatus`, 'a whole number from 200 to 599', httpStatus)
  }
  if ('body' in answer && !isJson(body)) refuse(`${where}.body`, 'JSON', body)
  if (!('headers' in answer)) return
  for (const [name, value] of Object.entries(members(`${where}.headers`, headers))) {
    if (!isHeader(name, value)) refuse(`${where}.headers.${name}`, 'a header that HTTP can carry', value)
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
