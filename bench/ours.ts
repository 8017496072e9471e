/** The URL of the built library. */
export const LIBRARY: string = new URL('../../dist/index.js', import.meta.url).href

/** The URL of the built entry point `rx-longrunning/bullmq`. */
export const BULLMQ: string = new URL('../../dist/bullmq/index.js', import.meta.url).href

/** The URL of the built command line. */
export const LRO: string = new URL('../../dist/cli/bin.js', import.meta.url).href

/** Imports the built library. */
export function loadOurs(): Promise<typeof import('../lib/index.ts')> {
  return import(LIBRARY)
}
