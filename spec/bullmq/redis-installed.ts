import { spawnSync } from 'node:child_process'

export const INSTALL_HINT: string =
  'install redis-server (Debian: apt-get install redis-server), or set REDIS_URL to a Redis server'

export const isRedisInstalled: boolean = spawnSync('redis-server', ['--version']).status === 0

/** Prints that specs are skipped. Mocha calls this once, although it has several processes. */
export function mochaGlobalSetup(): void {
  if (isRedisInstalled || process.env.REDIS_URL || process.env.REQUIRE_REDIS) return
  process.stderr.write(`\n*** Skipping the specs of rx-longrunning/bullmq: ${INSTALL_HINT}. ***\n\n`)
}
