import type { Bar } from './bar.ts'

/** What one part of the bench has found. */
export interface Part {
  readonly title: string
  /** Paragraphs and tables, as Markdown. */
  readonly text: string
  readonly bars: readonly Bar[]
  /** All that was measured, for the file of figures. */
  readonly record: unknown
}

/** How a part is run. */
export interface Running {
  /** Small sizes: whether it works, not what it says. */
  readonly quick: boolean
  readonly tell: (progress: string) => void
}
