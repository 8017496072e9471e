import type { Frame } from '../../lib/emulator/index.ts'
import { inTurn, type Row as Listed, NAME, TABLE } from '../../spec/faults/table.ts'
import { type End, endOf, type Fact, factsOf } from './facts.ts'
import type { Form } from './judge.ts'

/** A row of the bench: a script, how the operation of it ends, and what an error about it has to say. */
export interface Row {
  readonly name: string
  readonly group: string
  readonly form: Form
  readonly truth: 'succeeded' | 'failed' | 'unknown'
  /** What a success brings, where it brings something. */
  readonly response?: unknown
  readonly facts: readonly Fact[]
  /** Milliseconds that the server wants to be left alone after the first request, and so on. */
  readonly waits: readonly number[]
  /** Whether the credential has another token each time that it is asked. */
  readonly renews: boolean
  /** Whether its bodies may fill the memory, so that it wants a process of its own. */
  readonly heavy: boolean
  /** The script of an operation. */
  readonly frames: (operation: string, elsewhere: Elsewhere) => readonly Frame[]
}

/** Where redirects lead, host and port: to the bench's own second server, by another host's name or by the same. */
interface Elsewhere {
  readonly otherHost: string
  readonly otherPort: string
}

/**
 * Gives what has no type one that google-gax was told of, as all of Resource Manager's have: else it could read none of
 * these operations, and every row would say only that.
 */
function typed(steps: readonly Frame[]): readonly Frame[] {
  return JSON.parse(
    JSON.stringify(steps)
      .replaceAll('"response":{"answer":42}', `"response":${PROJECT}`)
      .replaceAll('\\"response\\":{}', `\\"response\\":${PROJECT.replaceAll('"', '\\"')}`)
      .replaceAll('"metadata":{"step":1}', `"metadata":${METADATA}`)
      .replaceAll('\\"metadata\\":{}', `\\"metadata\\":${METADATA.replaceAll('"', '\\"')}`),
  )
}

const TYPES = 'type.googleapis.com/google.cloud.resourcemanager.v3'
/** A response that every library can read. */
export const PROJECT: string = `{"@type":"${TYPES}.Project","name":"projects/415104041262","projectId":"p-1"}`
const METADATA = `{"@type":"${TYPES}.CreateProjectMetadata","gettable":true}`

/** Both forms of a row that may pass, and the one form of another. */
function rowsOf(listed: Listed): readonly Row[] {
  const steps = typed(listed.steps)
  const whole = rowOf(listed, steps, listed.waits)
  const { lasts } = listed
  return lasts === undefined ? [whole] : [whole, rowOf(listed, steps.slice(0, 1), lasts.waits)]
}

function rowOf({ name, group, renews }: Listed, steps: readonly Frame[], waits: readonly number[] = []): Row {
  const end = endOfFrame(steps.at(-1))
  const fault = steps.length > 1 && end._tag !== 'Unknown' ? steps.slice(0, -1) : steps.slice(-1)
  return {
    name,
    group,
    waits,
    renews: renews === true,
    heavy: steps.some((step) => step.fault === 'endless' || step.fault === 'gzip-bomb'),
    form: steps.length > 1 && end._tag !== 'Unknown' ? 'passes' : isFault(fault[0]) ? 'lasts' : 'script',
    truth: end._tag === 'Succeeded' ? 'succeeded' : end._tag === 'Failed' ? 'failed' : 'unknown',
    ...(end._tag === 'Succeeded' && { response: end.response }),
    facts: fault.slice(0, 1).flatMap(factsOf),
    frames: (operation, { otherHost }) => placed(inTurn(steps, otherHost), operation),
  }
}

function placed(frames: readonly Frame[], operation: string): readonly Frame[] {
  return JSON.parse(JSON.stringify(frames).replaceAll(NAME, operation))
}

function isFault(step: Frame | undefined): boolean {
  return step?.fault !== undefined || step?.stall === true || endOfFrame(step)._tag === 'Unknown'
}

function endOfFrame(frame: Frame | undefined): End {
  if (frame === undefined) return { _tag: 'Unknown' }
  // Its body is whole: who has room for it learns that the operation is done.
  if (frame.fault === 'gzip-bomb' && (frame.httpStatus ?? 200) < 300) return endOf({ done: true })
  if (frame.httpResponse !== undefined) {
    const { httpStatus, body } = frame.httpResponse
    return httpStatus < 300 ? endOf(body) : { _tag: 'Unknown' }
  }
  if (frame.done !== true) return { _tag: 'Unknown' }
  return frame.error === undefined
    ? { _tag: 'Succeeded', response: frame.response }
    : { _tag: 'Failed', error: frame.error }
}

/** One more than the table has: clients that are careful with another host may not be so with another port. */
function toAnotherPort(row: Row): readonly Row[] {
  return row.name === '302 to another host'
    ? [
        row,
        {
          ...row,
          name: '302 to another port of the host',
          frames: (operation, { otherHost, otherPort }) =>
            JSON.parse(
              JSON.stringify(row.frames(operation, { otherHost, otherPort })).replaceAll(
                otherHost,
                otherPort,
              ),
            ),
        },
      ]
    : [row]
}

/**
 * Every row of the table, in both forms where it has both, but those of the token server: here each library is handed its
 * token, for most of them use one and the same library to get it.
 */
export const ROWS: readonly Row[] = TABLE.filter(({ tokens }) => tokens === undefined)
  .flatMap(rowsOf)
  .flatMap(toAnotherPort)
