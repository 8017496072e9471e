import { setImmediate } from 'node:timers/promises'

/** The source of the events of a stream or of the process. */
interface Emitter {
  on(event: string, listener: (error: NodeJS.ErrnoException) => void): unknown
  off(event: string, listener: (error: NodeJS.ErrnoException) => void): unknown
}

/** The part of `process.stdout` that the program uses. */
export interface Output extends Emitter {
  /** True if the output is a terminal. */
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
  /** The number of bytes that are not yet written; undefined if all texts are written immediately. */
  readonly writableLength?: number
  /** Writes a text. Calls `onEnd` when this text and all earlier texts have been written or have failed. */
  write(text: string, onEnd?: () => void): unknown
}

/** The streams, environment variables and signals of the program; `process` implements it. */
export interface ProcessIo extends Emitter {
  readonly stdin: NodeJS.ReadableStream
  readonly stdout: Output
  readonly stderr: Output
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * Resolves when an output has written all texts or has failed, because `process.exit` discards unwritten texts.
 *
 * Waits for a slow reader without a time limit. If the reader closes the pipe, the writes fail and the wait ends.
 */
export async function flush(output: Output): Promise<void> {
  // Node.js emits the error of a write only after `write` has returned. The wait lets the error listeners run first.
  await setImmediate()
  if (output.writableLength) await new Promise<void>((resolve) => output.write('', () => resolve()))
}

/** Returns the code of a Node.js error, such as `ENOENT`. */
export function errorCode(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : undefined
}
