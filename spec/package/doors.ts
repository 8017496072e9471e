import { read } from '../documents.js'

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
