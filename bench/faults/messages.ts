import type { Observation } from './judge.ts'
import type { Leaks } from './leaks.ts'

/** From the parent to the emulator's process. */
export type ToServer =
  | { readonly _tag: 'Begin'; readonly row: number; readonly operation: string }
  | { readonly _tag: 'End'; readonly operation: string }

/** From the emulator's process. */
export type FromServer =
  | { readonly _tag: 'Listening'; readonly endpoint: string }
  | { readonly _tag: 'Begun'; readonly operation: string }
  | { readonly _tag: 'Ended'; readonly operation: string; readonly counts: Counts }

/** What was asked for an operation. */
export interface Counts {
  readonly requests: number
  /** Milliseconds between one request and the next, of the first ones. */
  readonly gaps: readonly number[]
  /** How many of another host, to which a redirect sent them. */
  readonly elsewhere: number
  /** Whether one of those carried the credential. */
  readonly tokenElsewhere: boolean
}

/** From the parent to the process of a library. */
export interface Run {
  readonly row: number
  readonly endpoint: string
  readonly operation: string
}

/** From the process of a library. */
export type FromWorker =
  | { readonly _tag: 'Ready' }
  | { readonly _tag: 'Refused'; readonly reason: string }
  | { readonly _tag: 'Finished'; readonly operation: string; readonly finding: Finding }

/** What the process of a library sees of one wait. */
export interface Finding {
  readonly seen: Observation
  /** Milliseconds. */
  readonly took: number
  /** The first words of the error, without what is of this machine. */
  readonly error?: string
  /** What the library's own saved state says of the operation. */
  readonly state?: string
  readonly leaks: Leaks
}
