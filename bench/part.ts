import type { Bar } from './bar.ts'

/** The results of one part of the bench. */
export interface Part {
  readonly title: string
  /** Markdown. */
  readonly text: string
  readonly bars: readonly Bar[]
  /** All measurements, for the JSON file. */
  readonly record: unknown
}

/** Options of a part. */
export interface PartOptions {
  /** Whether to use small sizes, only to check that the part works. */
  readonly quick: boolean
  readonly onProgress: (progress: string) => void
}
