import { read } from '../documents.js'

interface EntryPoint {
  /** The path of the declaration file. */
  readonly types: string
  /** The path of the program. */
  readonly default: string
}

const { exports }: { readonly exports: Readonly<Record<string, EntryPoint | string>> } = JSON.parse(
  read('package.json'),
)

/** The entry points in package.json. */
export const entryPoints: readonly (EntryPoint & { readonly subpath: string })[] = Object.entries(
  exports,
).flatMap(([subpath, files]) => (typeof files === 'string' ? [] : [{ subpath, ...files }]))
