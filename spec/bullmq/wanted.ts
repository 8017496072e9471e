import { spawnSync } from 'node:child_process'

export const WANTED: string =
  'install redis-server (Debian: apt-get install redis-server), or name a Redis by REDIS_URL'

export const isInstalled: boolean = spawnSync('redis-server', ['--version']).status === 0

/** Says once, before all specs, that some are not run: they are in several processes. */
export function mochaGlobalSetup(): void {
  if (isInstalled || process.env.REDIS_URL || process.env.REQUIRE_REDIS) return
  process.stderr.write(`\n*** Specs of the BullMQ door are not run: ${WANTED}. ***\n\n`)
}
