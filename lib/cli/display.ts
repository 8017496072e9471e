import type { PollEnded } from '../index.js'
import type { Line } from './line.js'
import type { Word } from './word.js'

/** What shows operations while they are watched. */
export interface Display {
  /** A name is watched from now on. */
  begin(name: string): void
  /** A poll was answered, or failed. */
  polled(poll: PollEnded): void
  /** What the watch of a name says; its last word is not followed by another. */
  told(name: string, word: Word): void
  /** A line on standard error. */
  note(line: Line): void
  /** Nothing follows but notes. */
  end(): void
}
