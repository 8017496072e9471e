// The root of the repository, relative to the compiled form of this file in .build/distributed.
const ROOT = new URL('../../../', import.meta.url)

/** Loads the built entry point `rx-longrunning/bullmq`. */
export function loadBullmq(): Promise<typeof import('../../lib/bullmq/index.ts')> {
  return import(new URL('dist/bullmq/index.js', ROOT).href)
}

/** Loads the built entry point `rx-longrunning/emulator`. */
export function loadEmulator(): Promise<typeof import('../../lib/emulator/index.ts')> {
  return import(new URL('dist/emulator/index.js', ROOT).href)
}

/** Loads the functions of the specs that start Redis. They are not compiled, so the bench runs with tsx. */
export function loadRedis(): Promise<typeof import('../../spec/bullmq/redis.ts')> {
  return import(new URL('spec/bullmq/redis.ts', ROOT).href)
}

/** Loads the function of the specs that starts a proxy in front of Redis. */
export function loadProxy(): Promise<typeof import('../../spec/bullmq/proxy.ts')> {
  return import(new URL('spec/bullmq/proxy.ts', ROOT).href)
}
