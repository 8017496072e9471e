import { spawnSync } from 'node:child_process'

export const INSTALL_HINT: string =
  'install redis-server (Debian: apt-get install redis-server), or set REDIS_URL to a Redis server'

export const isInstalled: boolean = spawnSync('redis-server', ['--version']).status === 0

/** Prints only once that specs are skipped, although Mocha runs the specs in several processes. */
export function mochaGlobalSetup(): void {
  if (isInstalled || process.env.REDIS_URL || process.env.REQUIRE_REDIS) return
  process.stderr.write(`\n*** Skipping the specs of rx-longrunning/bullmq: ${INSTALL_HINT}. ***\n\n`)
}
