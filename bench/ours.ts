/** The library as it is published: what `npm run build` has put into `dist`. */
export const OURS: string = new URL('../../dist/index.js', import.meta.url).href

/** The command line as it is published. */
export const LRO: string = new URL('../../dist/cli/bin.js', import.meta.url).href

/** Loads the library. */
export function loadOurs(): Promise<typeof import('../lib/index.ts')> {
  return import(OURS)
}
