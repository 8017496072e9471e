import { readFileSync } from 'node:fs'

/** The project's own folder. */
export const root: URL = new URL('../../', import.meta.url)

/** A file of the project, as text. */
export const read = (file: string): string => readFileSync(new URL(file, root), 'utf8')

interface Door {
  readonly types: string
  readonly default: string
}

const { exports }: { readonly exports: Readonly<Record<string, Door | string>> } = JSON.parse(
  read('package.json'),
)

/** The doors of the package, `.` and its subpaths, with the files behind them. */
export const doors: readonly (Door & { readonly door: string })[] = Object.entries(exports).flatMap(
  ([door, behind]) => (typeof behind === 'string' ? [] : [{ door, ...behind }]),
)
