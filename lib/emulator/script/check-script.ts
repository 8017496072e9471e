import { validateHeaderName, validateHeaderValue } from 'node:http'
import { inspect } from 'node:util'
import { InvalidOption } from '../../messages/invalid-option.js'
import { isJsonObject, type JsonObject } from '../../model/json.js'
import { isJson } from '../http/json-text.js'
import type { Frame, NetworkFault } from './frame.js'

/** Throws an error if the value is invalid. */
type Check = (name: string, value: unknown) => void
/** The checks of the allowed members of an object. */
type Rules = Readonly<Record<string, Check>>

/** The members that determine when a frame applies. */
const CONDITION: Rules = {
  after: check((value = 0) => typeof value === 'number' && value >= 0, 'a number of milliseconds from 0'),
  polls: check((value = 0) => Number.isInteger(value) && Number(value) >= 0, 'a whole number from 0'),
}
const STATUS: Rules = {
  code: check(Number.isInteger, 'a whole number'),
  message: check(isString, 'a string'),
  details: check((value) => Array.isArray(value) && isJson(value), 'a list of JSON values'),
}
/** The members that describe the operation. */
const OPERATION: Rules = {
  metadata: check(isJson, 'JSON'),
  done: check((value) => typeof value === 'boolean', 'true or false'),
  response: check(isJson, 'JSON'),
  error: (name, error) => checkMembers(name, error, STATUS),
  name: check((value) => value === null, 'null (no name in the response) or absent'),
}
const HTTP_RESPONSE: Rules = {
  httpStatus: check(isStatus, 'a whole number from 200 to 599'),
  headers: (name, headers) => {
    for (const [header, value] of Object.entries(requireObject(name, headers)))
      if (!isHeader(header, value)) reject(`${name}.${header}`, 'a valid HTTP header', value)
  },
  body: check(isJson, 'JSON'),
}
const FAULTS: readonly unknown[] = Object.keys({
  reset: true,
  'reset-in-body': true,
  'cut-short': true,
  drip: true,
  endless: true,
  'gzip-bomb': true,
} satisfies Record<NetworkFault, true>)
const RESET: Rules = { fault: check((value) => FAULTS.includes(value), `one of ${FAULTS.join(', ')}`) }
const FAULT: Rules = {
  ...RESET,
  httpStatus: check(
    (value) => isStatus(value) && value !== 204 && value !== 304,
    'a whole number from 200 to 599 except 204 and 304',
  ),
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
  const rules = faultRules(requireObject(name, fault))
  checkMembers(name, fault, rules ?? reject(name, 'an object with httpResponse, stall or fault', fault), ': ')
}

/** Throws an error with the name of a value, a description of valid values, and the value. */
export function reject(name: string, expected: string, value: unknown): never {
  throw new InvalidOption(name, expected, value, (shown) => inspect(shown, { depth: 2 }))
}

function checkFrame(name: string, frame: unknown): void {
  const members = requireObject(name, frame)
  checkMembers(name, frame, { ...CONDITION, ...(faultRules(members) ?? OPERATION) }, ': ')
  const { done, response } = members
  if (('response' in members || 'error' in members) && done !== true)
    reject(`${name}: done`, 'true if the frame has a response or an error', done)
  if ('response' in members && 'error' in members)
    reject(`${name}: response`, 'absent if the frame has an error', response)
}

/**
 * Returns the rules of a raw response, a stall or a network fault, which replaces the operation; undefined if the members
 * describe the operation.
 */
function faultRules(members: JsonObject): Rules | undefined {
  if ('stall' in members) return { stall: check((value) => value === true, 'true') }
  if ('httpResponse' in members)
    return {
      httpResponse: (name, response) =>
        checkMembers(name, { httpStatus: undefined, ...requireObject(name, response) }, HTTP_RESPONSE),
    }
  if ('fault' in members) return members.fault === 'reset' ? RESET : FAULT
  return undefined
}

/** Checks the members of an object, and rejects members without a rule. */
function checkMembers(name: string, value: unknown, rules: Rules, separator = '.'): void {
  for (const [member, memberValue] of Object.entries(requireObject(name, value))) {
    if (!Object.hasOwn(rules, member))
      reject(`${name}: ${member}`, `absent (allowed members: ${Object.keys(rules).join(', ')})`, memberValue)
    rules[member]?.(`${name}${separator}${member}`, memberValue)
  }
}

function check(isValid: (value: unknown) => boolean, expected: string): Check {
  return (name, value) => {
    if (!isValid(value)) reject(name, expected, value)
  }
}

function requireObject(name: string, value: unknown): JsonObject {
  return isJsonObject(value) ? value : reject(name, 'an object', value)
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
