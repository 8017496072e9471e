import { spawnSync } from 'node:child_process'

/** What to do if the specs of rx-longrunning/bullmq are skipped. */
export const INSTALL_HINT: string =
  'install redis-server (Debian: apt-get install redis-server), or set REDIS_URL to a Redis server'

export const isRedisInstalled: boolean = spawnSync('redis-server', ['--version']).status === 0

/** Prints that specs are skipped. Mocha calls this function once, although several processes run the specs. */
export function mochaGlobalSetup(): void {
  if (isRedisInstalled || process.env.REDIS_URL || process.env.REQUIRE_REDIS) return
  process.stderr.write(`\n*** Skipping the specs of rx-longrunning/bullmq: ${INSTALL_HINT}. ***\n\n`)
}
