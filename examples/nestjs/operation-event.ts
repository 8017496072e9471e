import type { MessageEvent } from '@nestjs/common'
import { either as E } from 'fp-ts'
import type { Detail, Json, Operation, OperationError } from 'rx-longrunning'

/** An operation as the page shows it. */
export interface OperationView {
  readonly name: string
  /** Milliseconds that the operation has run, where it is known. */
  readonly elapsed?: number
  /** From 0 to 100, where its metadata tell. */
  readonly percent?: number
  /** What kind of work it is, such as `CreateProjectMetadata`. */
  readonly kind?: string
  /** Why it failed, or why its end could not be learned. */
  readonly failure?: FailureView
}

export interface FailureView {
  readonly tag: OperationError['_tag']
  readonly message: string
  /** Such as `RESOURCE_EXHAUSTED`. */
  readonly code?: string
  readonly details?: readonly Detail[]
}

/**
 * A word of a watch as a server-sent event: `running`, `succeeded` or `failed`.
 *
 * A Left is an event as any other. An Observable that errors would be answered with Nest's own `error`, which hides what was
 * wrong, and the browser would connect again and again.
 */
export function operationEvent(
  name: string,
  word: E.Either<OperationError, Operation<unknown, Json>>,
): MessageEvent & { readonly data: OperationView } {
  return E.isLeft(word)
    ? {
        type: 'failed',
        data: {
          name,
          ...progressOf('metadata' in word.left ? word.left.metadata : undefined),
          failure: failureOf(word.left),
        },
      }
    : {
        type: word.right.done ? 'succeeded' : 'running',
        data: { name, elapsed: word.right.elapsed, ...progressOf(word.right.metadata) },
      }
}

function failureOf(error: OperationError): FailureView {
  return {
    tag: error._tag,
    message: ('status' in error && error.status.message) || error.message,
    ...('status' in error && { code: error.status.codeName, details: error.status.details }),
  }
}

/** The names that Google's services have for it. */
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
