/** Where a program writes: what is needed of `process.stdout`. */
export interface Output {
  /** Set where it is a terminal. */
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
  write(text: string): unknown
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown
  off(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown
}

/** The signals that stop a program. */
export type StopSignal = 'SIGINT' | 'SIGTERM'

/** All that a program knows of the world around it; `process` itself is one. */
export interface ProcessIo {
  readonly stdin: NodeJS.ReadableStream
  readonly stdout: Output
  readonly stderr: Output
  readonly env: Readonly<Record<string, string | undefined>>
  on(signal: StopSignal, listener: () => void): unknown
  off(signal: StopSignal, listener: () => void): unknown
}
