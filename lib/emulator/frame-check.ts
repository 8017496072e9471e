import { checkInstead, isFault } from './fault-check.js'
import type { Frame } from './frame.js'
import { isJson } from './json.js'
import { allowOnly, asObject, type Members, reject } from './refuse.js'

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
