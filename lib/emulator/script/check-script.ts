import { validateHeaderName, validateHeaderValue } from 'node:http'
import { inspect } from 'node:util'
import { InvalidOption } from '../../messages/invalid-option.js'
import { isJsonObject } from '../../model/json.js'
import { isJson } from '../http/json-text.js'
import type { Frame, NetworkFault } from './frame.js'

/** The members that determine when a frame applies. */
const CONDITION_MEMBERS = ['after', 'polls']
/** The members that describe the operation. */
const OPERATION_MEMBERS = ['metadata', 'done', 'response', 'error', 'name']
const FAULTS: Readonly<Record<NetworkFault, true>> = {
  reset: true,
  'reset-in-body': true,
  'cut-short': true,
  drip: true,
  endless: true,
  'gzip-bomb': true,
}

/**
 * Validates the script of an operation. The message of a thrown error contains the operation, the index of
 * the frame and the name of the invalid member.
 */
export function checkFrames(operation: string, frames: readonly Frame[]): void {
  if (!Array.isArray(frames) || frames.length === 0)
    reject(`frames of ${operation}`, 'a list of at least one frame', frames)
  for (const [index, frame] of frames.entries()) checkFrame(`frame ${index} of ${operation}`, frame)
}

/** Validates a {@link Fault}. The message of a thrown error contains the name of the invalid member. */
export function checkFault(name: string, fault: unknown): void {
  const members = requireObject(name, fault)
  if (!replacesResponse(members)) reject(name, 'an object with httpResponse, stall or fault', fault)
  checkFaultMembers(name, members, [])
}

/** Throws an error with the name of a value, a description of valid values, and the value. */
export function reject(name: string, expected: string, value: unknown): never {
  throw new InvalidOption(name, expected, value, (shown) => inspect(shown, { depth: 2 }))
}

type Members = Readonly<Record<string, unknown>>

function checkFrame(name: string, frame: unknown): void {
  const members = requireObject(name, frame)
  const isValidAfter = (value: unknown): boolean =>
    value === undefined || (typeof value === 'number' && value >= 0)
  check(members, `${name}: `, 'after', isValidAfter, 'a number of milliseconds from 0')
  const isCount = (value: unknown): boolean =>
    value === undefined || (Number.isInteger(value) && Number(value) >= 0)
  check(members, `${name}: `, 'polls', isCount, 'a whole number from 0')
  if (replacesResponse(members)) {
    checkFaultMembers(name, members, CONDITION_MEMBERS)
  } else {
    allowOnly(name, members, [...CONDITION_MEMBERS, ...OPERATION_MEMBERS])
    checkOperation(name, members)
  }
}

function checkOperation(name: string, members: Members): void {
  const { done, error, response } = members
  check(members, `${name}: `, 'done', (value) => typeof value === 'boolean', 'true or false')
  check(members, `${name}: `, 'name', (value) => value === null, 'null (no name in the response) or absent')
  for (const member of ['metadata', 'response']) check(members, `${name}: `, member, isJson, 'JSON')
  if (('response' in members || 'error' in members) && done !== true)
    reject(`${name}: done`, 'true if the frame has a response or an error', done)
  if (!('error' in members)) return
  if ('response' in members) reject(`${name}: response`, 'absent if the frame has an error', response)
  const status = requireObject(`${name}: error`, error)
  allowOnly(`${name}: error`, status, ['code', 'message', 'details'])
  check(status, `${name}: error.`, 'code', Number.isInteger, 'a whole number')
  check(status, `${name}: error.`, 'message', isString, 'a string')
  const isDetails = (value: unknown): boolean => Array.isArray(value) && isJson(value)
  check(status, `${name}: error.`, 'details', isDetails, 'a list of JSON values')
}

/** Returns whether a frame replaces the operation with a raw response, a stall or a network fault. */
function replacesResponse(members: Members): boolean {
  return 'stall' in members || 'httpResponse' in members || 'fault' in members
}

function checkFaultMembers(name: string, members: Members, conditionMembers: readonly string[]): void {
  if ('stall' in members) {
    allowOnly(name, members, [...conditionMembers, 'stall'])
    check(members, `${name}: `, 'stall', (value) => value === true, 'true')
  } else if ('httpResponse' in members) {
    allowOnly(name, members, [...conditionMembers, 'httpResponse'])
    checkResponse(`${name}: httpResponse`, members.httpResponse)
  } else {
    const isFault = (value: unknown): boolean => typeof value === 'string' && Object.hasOwn(FAULTS, value)
    check(members, `${name}: `, 'fault', isFault, `one of ${Object.keys(FAULTS).join(', ')}`)
    const statusMember = members.fault === 'reset' ? [] : ['httpStatus']
    allowOnly(name, members, [...conditionMembers, 'fault', ...statusMember])
    const allowsBody = (value: unknown): boolean => isStatus(value) && value !== 204 && value !== 304
    check(members, `${name}: `, 'httpStatus', allowsBody, 'a whole number from 200 to 599 except 204 and 304')
  }
}

function checkResponse(name: string, httpResponse: unknown): void {
  const members = requireObject(name, httpResponse)
  allowOnly(name, members, ['httpStatus', 'headers', 'body'])
  if (!isStatus(members.httpStatus))
    reject(`${name}.httpStatus`, 'a whole number from 200 to 599', members.httpStatus)
  check(members, `${name}.`, 'body', isJson, 'JSON')
  if (!('headers' in members)) return
  for (const [header, value] of Object.entries(requireObject(`${name}.headers`, members.headers)))
    if (!isHeader(header, value)) reject(`${name}.headers.${header}`, 'a valid HTTP header', value)
}

/** Rejects a member if it is present and invalid. */
function check(
  members: Members,
  prefix: string,
  member: string,
  isValid: (value: unknown) => boolean,
  expected: string,
): void {
  if (member in members && !isValid(members[member])) reject(`${prefix}${member}`, expected, members[member])
}

function requireObject(name: string, value: unknown): Members {
  return isJsonObject(value) ? { ...value } : reject(name, 'an object', value)
}

function allowOnly(name: string, members: Members, allowed: readonly string[]): void {
  for (const [member, value] of Object.entries(members)) {
    if (!allowed.includes(member))
      reject(`${name}: ${member}`, `absent (allowed members: ${allowed.join(', ')})`, value)
  }
}

function isString(value: unknown): boolean {
  return typeof value === 'string'
}

function isStatus(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 200 && Number(value) <= 599
}

function isHeader(name: string, value: unknown): boolean {
  const lines: readonly unknown[] = Array.isArray(value) ? value : [value]
  try {
    validateHeaderName(name)
    for (const line of lines) if (typeof line === 'string') validateHeaderValue(name, line)
    return lines.length > 0 && lines.every(isString)
  } catch {
    return false
  }
}
