import type { Frame } from '../../lib/emulator/index.ts'
import { NAME, TABLE, type Row as TableRow, toFrames } from '../../spec/faults/table.ts'
import { type Fact, factsOf, type Outcome, outcomeOf } from './facts.ts'
import type { Form } from './verdict.ts'

/** A row of the bench: a script of responses and faults, its true outcome, and the expected facts. */
export interface Row {
  readonly name: string
  readonly group: string
  readonly form: Form
  readonly truth: 'succeeded' | 'failed' | 'unknown'
  /** The response of a success, if it has one. */
  readonly response?: unknown
  readonly facts: readonly Fact[]
  /** The minimum gaps between successive requests in milliseconds, as the server requested. */
  readonly waits: readonly number[]
  /** Whether the credential returns a new token on each call. */
  readonly renews: boolean
  /** Whether the body can exhaust the memory. Such a row runs in its own processes. */
  readonly heavy: boolean
  /** Returns the script of an operation. */
  readonly frames: (operation: string, elsewhere: Elsewhere) => readonly Frame[]
}

/** The host and port of a second server, the target of redirects: with another host name, and with the same one. */
interface Elsewhere {
  readonly otherHost: string
  readonly otherPort: string
}

/** Adds types of Resource Manager to untyped responses and metadata, because google-gax cannot decode them otherwise. */
function addTypes(steps: readonly Frame[]): readonly Frame[] {
  return JSON.parse(
    JSON.stringify(steps)
      .replaceAll('"response":{"answer":42}', `"response":${PROJECT}`)
      .replaceAll('\\"response\\":{}', `\\"response\\":${PROJECT.replaceAll('"', '\\"')}`)
      .replaceAll('"metadata":{"step":1}', `"metadata":${METADATA}`)
      .replaceAll('\\"metadata\\":{}', `\\"metadata\\":${METADATA.replaceAll('"', '\\"')}`),
  )
}

const TYPES = 'type.googleapis.com/google.cloud.resourcemanager.v3'
/** A response that every library can decode. */
export const PROJECT: string = `{"@type":"${TYPES}.Project","name":"projects/415104041262","projectId":"p-1"}`
const METADATA = `{"@type":"${TYPES}.CreateProjectMetadata","gettable":true}`

/** Returns both forms of a transient fault, or the only form of another row. */
function rowsOf(tableRow: TableRow): readonly Row[] {
  const steps = addTypes(tableRow.steps)
  const row = rowOf(tableRow, steps, tableRow.waits)
  const { ifPersistent } = tableRow
  return ifPersistent === undefined ? [row] : [row, rowOf(tableRow, steps.slice(0, 1), ifPersistent.waits)]
}

function rowOf(
  { name, group, renews }: TableRow,
  steps: readonly Frame[],
  waits: readonly number[] = [],
): Row {
  const outcome = outcomeOfFrame(steps.at(-1))
  const isTransient = steps.length > 1 && outcome._tag !== 'Unknown'
  const [fault] = isTransient ? steps : steps.slice(-1)
  return {
    name,
    group,
    waits,
    renews: renews === true,
    heavy: steps.some((step) => step.fault === 'endless' || step.fault === 'gzip-bomb'),
    form: isTransient ? 'transient' : isFault(fault) ? 'persistent' : 'script',
    truth: outcome._tag === 'Succeeded' ? 'succeeded' : outcome._tag === 'Failed' ? 'failed' : 'unknown',
    ...(outcome._tag === 'Succeeded' && { response: outcome.response }),
    facts: fault === undefined ? [] : factsOf(fault),
    frames: (operation, { otherHost }) => renameOperation(toFrames(steps, otherHost), operation),
  }
}

function renameOperation(frames: readonly Frame[], operation: string): readonly Frame[] {
  return JSON.parse(JSON.stringify(frames).replaceAll(NAME, operation))
}

function isFault(step: Frame | undefined): boolean {
  return step?.fault !== undefined || step?.stall === true || outcomeOfFrame(step)._tag === 'Unknown'
}

function outcomeOfFrame(frame: Frame | undefined): Outcome {
  if (frame === undefined) return { _tag: 'Unknown' }
  // The body is complete, so a client with enough memory gets a finished operation.
  if (frame.fault === 'gzip-bomb' && (frame.httpStatus ?? 200) < 300) return outcomeOf({ done: true })
  if (frame.httpResponse !== undefined) {
    const { httpStatus, body } = frame.httpResponse
    return httpStatus < 300 ? outcomeOf(body) : { _tag: 'Unknown' }
  }
  if (frame.done !== true) return { _tag: 'Unknown' }
  return frame.error === undefined
    ? { _tag: 'Succeeded', response: frame.response }
    : { _tag: 'Failed', error: frame.error }
}

/** Adds a redirect to another port, because some clients protect credentials only from another host. */
function addOtherPort(row: Row): readonly Row[] {
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
 * All rows of the table, except rows of the token server. Here each library receives its token, because most of them
 * use the same library to fetch it.
 */
export const ROWS: readonly Row[] = TABLE.filter(({ tokenResponses }) => tokenResponses === undefined)
  .flatMap(rowsOf)
  .flatMap(addOtherPort)
