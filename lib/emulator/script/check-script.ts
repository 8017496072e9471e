import { validateHeaderName, validateHeaderValue } from 'node:http'
import { inspect } from 'node:util'
import { isJson } from '../http/json-text.js'
import type { Frame, NetworkFault } from './frame.js'

const CONDITION = ['after', 'polls']
const OPERATION = ['metadata', 'done', 'response', 'error', 'name']

/** Throws a RangeError that names the operation, the frame, the member, its range and what was given. */
export function checkFrames(operation: string, frames: readonly Frame[]): void {
  if (!Array.isArray(frames) || frames.length === 0)
    reject(`frames of ${operation}`, 'a list of at least one', frames)
  for (const [index, frame] of frames.entries()) checkFrame(`frame ${index} of ${operation}`, frame)
}

function checkFrame(where: string, frame: unknown): void {
  const given = asObject(where, frame)
  const { after, polls } = given
  if (after !== undefined && !(typeof after === 'number' && after >= 0)) {
    reject(`${where}: after`, 'a number of ms from 0', after)
  }
  if (polls !== undefined && !(typeof polls === 'number' && Number.isInteger(polls) && polls >= 0)) {
    reject(`${where}: polls`, 'a whole number from 0', polls)
  }
  if (isFault(given)) {
    checkInstead(where, given, CONDITION)
  } else {
    allowOnly(where, given, [...CONDITION, ...OPERATION])
    checkOperation(where, given)
  }
}

function checkOperation(where: string, given: Members): void {
  const { done, name, error } = given
  if ('done' in given && typeof done !== 'boolean') reject(`${where}: done`, 'true or false', done)
  if ('name' in given && name !== null) reject(`${where}: name`, 'null, which leaves it out', name)
  for (const member of ['metadata', 'response']) {
    if (member in given && !isJson(given[member])) reject(`${where}: ${member}`, 'JSON', given[member])
  }
  if (('response' in given || 'error' in given) && done !== true) {
    reject(`${where}: done`, 'true beside a response or an error', done)
  }
  if (!('error' in given)) return
  if ('response' in given) reject(`${where}: response`, 'absent beside an error', given.response)
  const status = asObject(`${where}: error`, error)
  allowOnly(`${where}: error`, status, ['code', 'message', 'details'])
  if ('code' in status && !Number.isInteger(status.code))
    reject(`${where}: error.code`, 'a whole number', status.code)
  if ('message' in status && typeof status.message !== 'string') {
    reject(`${where}: error.message`, 'a string', status.message)
  }
  if ('details' in status && !(Array.isArray(status.details) && isJson(status.details))) {
    reject(`${where}: error.details`, 'a list of JSON', status.details)
  }
}

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

/** What was given, by the names of its members. */
export type Members = Readonly<Record<string, unknown>>

/** The members of an object, or a refusal. */
export function asObject(where: string, value: unknown): Members {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  return reject(where, 'an object', value)
}

/** Refuses members that are not among those allowed. */
export function allowOnly(where: string, given: Members, allowed: readonly string[]): void {
  for (const name of Object.keys(given)) {
    if (!allowed.includes(name))
      reject(`${where}: ${name}`, `absent: it takes ${allowed.join(', ')}`, given[name])
  }
}

/** Throws a RangeError that names a thing, its range and what was given. */
export function reject(thing: string, range: string, given: unknown): never {
  throw new RangeError(`${thing} must be ${range}, given ${inspect(given, { depth: 2 })}`)
}
