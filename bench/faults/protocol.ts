import type { Leaks } from './leaks.ts'
import type { Observation } from './verdict.ts'

/** Messages from the parent to the emulator process. */
export type ToServer =
  | { readonly _tag: 'Start'; readonly row: number; readonly operation: string }
  | { readonly _tag: 'Stop'; readonly operation: string }

/** Messages from the emulator process. */
export type FromServer =
  | { readonly _tag: 'Listening'; readonly endpoint: string }
  | { readonly _tag: 'Started'; readonly operation: string }
  | { readonly _tag: 'Stopped'; readonly operation: string; readonly counts: Counts }

/** The requests for an operation. */
export interface Counts {
  readonly requests: number
  /** Milliseconds between successive requests, for the first requests. */
  readonly gaps: readonly number[]
  /** The number of requests to another host after a redirect. */
  readonly elsewhere: number
  /** Whether a request to another host contained the credential. */
  readonly tokenElsewhere: boolean
}

/** The message from the parent to a library process. */
export interface Run {
  readonly row: number
  readonly endpoint: string
  readonly operation: string
}

/** Messages from a library process. */
export type FromWorker =
  | { readonly _tag: 'Ready' }
  | { readonly _tag: 'LoadFailed'; readonly reason: string }
  | { readonly _tag: 'Finished'; readonly operation: string; readonly finding: Finding }

/** The result of one wait in a library process. */
export interface Finding {
  readonly observation: Observation
  /** Milliseconds. */
  readonly took: number
  /** The start of the error message, without paths and ports of this machine. */
  readonly error?: string
  /** The state of the operation that the library saves. */
  readonly state?: string
  readonly leaks: Leaks
}
