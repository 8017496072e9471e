import type { PollEnded } from '../../index.js'
import type { CliEmission } from './result-text.js'
import type { Line } from './terminal-text.js'

/** What shows operations while they are watched. */
export interface Display {
  /** A name is watched from now on. */
  begin(name: string): void
  /** A poll was answered, or failed. */
  showPoll(poll: PollEnded): void
  /** What the watch of a name says; its last word is not followed by another. */
  showResult(name: string, word: CliEmission): void
  /** A line on standard error. */
  showNote(line: Line): void
  /** Nothing follows but notes. */
  end(): void
}
