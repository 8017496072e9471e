import { type RedisServer, startRedis } from './redis.js'
import { INSTALL_HINT, isRedisInstalled } from './redis-installed.js'

/**
 * Defines a suite that uses the Redis server at REDIS_URL, or a new server if REDIS_URL is not set. `url` returns the URL
 * of the server, and works only inside specs and hooks.
 */
export function onRedis(title: string, body: (url: () => string) => void): void {
  const { REDIS_URL } = process.env
  suite(title, isRedisInstalled || Boolean(REDIS_URL), () => {
    let server: RedisServer | undefined
    before(async () => {
      if (!REDIS_URL) server = await startRedis()
    })
    after(() => server?.stop())
    body(() => REDIS_URL || (server as RedisServer).url)
  })
}

/** Defines a suite whose specs start and stop their own Redis servers. */
export function withRedisServer(title: string, body: () => void): void {
  suite(title, isRedisInstalled, body)
}

/**
 * Defines a suite. If Redis is not available, the suite has only a pending test, or, if REQUIRE_REDIS is set,
 * only a failing test.
 */
function suite(title: string, isAvailable: boolean, body: () => void): void {
  if (isAvailable) {
    describe(title, body)
    return
  }
  describe(title, () => {
    if (process.env.REQUIRE_REDIS)
      it(`should run: ${INSTALL_HINT}`, () => Promise.reject(new Error(INSTALL_HINT)))
    else it(`pending: ${INSTALL_HINT}`)
  })
}
