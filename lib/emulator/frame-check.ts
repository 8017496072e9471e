import { validateHeaderName, validateHeaderValue } from 'node:http'
import { inspect } from 'node:util'
import type { Frame } from './frame.js'
import { isJson } from './json.js'

type Members = Readonly<Record<string, unknown>>

const CONDITION = ['after', 'polls']
const OPERATION = ['metadata', 'done', 'response', 'error', 'name']

/** Throws a RangeError that names the operation, the frame, the member, its range and what was given. */
export function checkFrames(operation: string, frames: readonly Frame[]): void {
  if (!Array.isArray(frames) || frames.length === 0)
    refuse(`frames of ${operation}`, 'a list of at least one', frames)
  for (const [index, frame] of frames.entries()) checkFrame(`frame ${index} of ${operation}`, frame)
}

function checkFrame(where: string, frame: unknown): void {
  const given = members(where, frame)
  const { after, polls, stall, answer } = given
  if (after !== undefined && !(typeof after === 'number' && after >= 0)) {
    refuse(`${where}: after`, 'a number of ms from 0', after)
  }
  if (polls !== undefined && !(typeof polls === 'number' && Number.isInteger(polls) && polls >= 0)) {
    refuse(`${where}: polls`, 'a whole number from 0', polls)
  }
  if ('stall' in given) {
    only(where, given, [...CONDITION, 'stall'])
    if (stall !== true) refuse(`${where}: stall`, 'true', stall)
  } else if ('answer' in given) {
    only(where, given, [...CONDITION, 'answer'])
    checkAnswer(`${where}: answer`, members(`${where}: answer`, answer))
  } else {
    only(where, given, [...CONDITION, ...OPERATION])
    checkOperation(where, given)
  }
}

function checkOperation(where: string, given: Members): void {
  const { done, name, error } = given
  if ('done' in given && typeof done !== 'boolean') refuse(`${where}: done`, 'true or false', done)
  if ('name' in given && name !== null) refuse(`${where}: name`, 'null, which leaves it out', name)
  for (const member of ['metadata', 'response']) {
    if (member in given && !isJson(given[member])) refuse(`${where}: ${member}`, 'JSON', given[member])
  }
  if (('response' in given || 'error' in given) && done !== true) {
    refuse(`${where}: done`, 'true beside a response or an error', done)
  }
  if (!('error' in given)) return
  if ('response' in given) refuse(`${where}: response`, 'absent beside an error', given.response)
  const status = members(`${where}: error`, error)
  only(`${where}: error`, status, ['code', 'message', 'details'])
  if ('code' in status && !Number.isInteger(status.code))
    refuse(`${where}: error.code`, 'a whole number', status.code)
  if ('message' in status && typeof status.message !== 'string') {
    refuse(`${where}: error.message`, 'a string', status.message)
  }
  if ('details' in status && !(Array.isArray(status.details) && isJson(status.details))) {
    refuse(`${where}: error.details`, 'a list of JSON', status.details)
  }
}

function checkAnswer(where: string, answer: Members): void {
  only(where, answer, ['httpStatus', 'headers', 'body'])
  const { httpStatus, headers, body } = answer
  if (!(Number.isInteger(httpStatus) && Number(httpStatus) >= 200 && Number(httpStatus) <= 599)) {
    refuse(`${where}.httpStatus`, 'a whole number from 200 to 599', httpStatus)
  }
  if ('body' in answer && !isJson(body)) refuse(`${where}.body`, 'JSON', body)
  if (!('headers' in answer)) return
  for (const [name, value] of Object.entries(members(`${where}.headers`, headers))) {
    if (!isHeader(name, value)) refuse(`${where}.headers.${name}`, 'a header that HTTP can carry', value)
  }
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

function members(where: string, value: unknown): Members {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  return refuse(where, 'an object', value)
}

function only(where: string, given: Members, allowed: readonly string[]): void {
  for (const name of Object.keys(given)) {
    if (!allowed.includes(name))
      refuse(`${where}: ${name}`, `absent: it takes ${allowed.join(', ')}`, given[name])
  }
}

function refuse(thing: string, range: string, given: unknown): never {
  throw new RangeError(`${thing} must be ${range}, given ${inspect(given, { depth: 2 })}`)
}
