import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** The root folder of the project. Compiled specs are one folder deeper than their sources. */
export const root: URL = [new URL('..', import.meta.url), new URL('../..', import.meta.url)].find((folder) =>
  existsSync(new URL('README.md', folder)),
) as URL

/** Returns the text of a file of the project. */
export function read(file: string): string {
  return readFileSync(new URL(file, root), 'utf8')
}

/** Returns the names of the files in a folder that end with `ending`. */
export function filesOf(folder: string, ending: string): readonly string[] {
  return readdirSync(new URL(folder, root)).filter((file) => file.endsWith(ending))
}
