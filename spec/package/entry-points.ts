import { read } from '../documents.js'

interface EntryPoint {
  readonly types: string
  readonly default: string
}

const { exports }: { readonly exports: Readonly<Record<string, EntryPoint | string>> } = JSON.parse(
  read('package.json'),
)

/** The entry points in package.json, with their declaration file and their program. */
export const entryPoints: readonly (EntryPoint & { readonly subpath: string })[] = Object.entries(
  exports,
).flatMap(([subpath, files]) => (typeof files === 'string' ? [] : [{ subpath, ...files }]))
