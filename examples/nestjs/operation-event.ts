import type { MessageEvent } from '@nestjs/common'
import { either as E } from 'fp-ts'
import type { Detail, Json, Operation, OperationError } from 'rx-longrunning'

/** The data of an operation for the page. */
export interface OperationView {
  readonly name: string
  /** The run time in milliseconds, if known. */
  readonly elapsed?: number
  /** The progress from 0 to 100, if the metadata contains it. */
  readonly percent?: number
  /** The type of the metadata, such as `CreateProjectMetadata`. */
  readonly kind?: string
  /** The reason for a failure or an unknown outcome. */
  readonly failure?: FailureView
}

interface FailureView {
  readonly tag: OperationError['_tag']
  readonly message: string
  /** Such as `RESOURCE_EXHAUSTED`. */
  readonly code?: string
  readonly details?: readonly Detail[]
}

/**
 * Converts an emission of a watch to a server-sent event: `running`, `succeeded` or `failed`.
 *
 * A Left becomes a normal event. If the Observable errored, Nest would send its own `error` event without the reason, and the
 * browser would reconnect forever.
 */
export function operationEvent(
  name: string,
  emission: E.Either<OperationError, Operation<unknown, Json>>,
): MessageEvent & { readonly data: OperationView } {
  return E.isLeft(emission)
    ? {
        type: 'failed',
        data: {
          name,
          ...progressOf('metadata' in emission.left ? emission.left.metadata : undefined),
          failure: failureOf(emission.left),
        },
      }
    : {
        type: emission.right.done ? 'succeeded' : 'running',
        data: { name, elapsed: emission.right.elapsed, ...progressOf(emission.right.metadata) },
      }
}

function failureOf(error: OperationError): FailureView {
  return {
    tag: error._tag,
    message: ('status' in error && error.status.message) || error.message,
    ...('status' in error && { code: error.status.codeName, details: error.status.details }),
  }
}

/** The names of the metadata field with the progress, in several Google services. */
const PERCENTAGES = ['progressPercent', 'progressPercentage', 'progress']

function progressOf(metadata: Json | undefined): Pick<OperationView, 'percent' | 'kind'> {
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) return {}
  const fields: Readonly<Record<string, unknown>> = { ...metadata }
  const percent = PERCENTAGES.map((name) => fields[name]).find((value) => typeof value === 'number')
  const kind = typeof fields['@type'] === 'string' ? fields['@type'].split('.').at(-1) : undefined
  return {
    ...(percent !== undefined && { percent: Math.min(100, Math.max(0, percent)) }),
    ...(kind && { kind }),
  }
}
