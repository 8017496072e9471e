import { fork } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Bar } from '../bar.ts'
import type { Part, PartOptions } from '../part.ts'
import { formatNumber, table } from '../table.ts'
import { namesOf, requestFigure, sum, withFleet } from './fleet.ts'
import { loadProxy, loadRedis } from './load.ts'
import { type Tally, watchEach } from './watchers.ts'

/** Returns a limit that the measured figure must not exceed. */
function bar(what: string, figure: number | undefined, limit: number, unit = ''): Bar {
  return { what, figure, limit, unit }
}
/** Returns the number of watches whose final result was missing, repeated or no success. */
function countWrongResults(tally: Tally): number {
  return tally.watches - tally.once + tally.other
}
/** Returns a table with a row for each tracker. */
function tallyTable(rows: readonly (readonly [string, Tally])[]): string {
  return table([
    ['watches of', 'watches', 'one final result', 'lost', 'doubled', 'other than a success'],
    ...rows.map(([tracker, { watches, once: single, lost, doubled, other }]) => [
      tracker,
      ...[watches, single, lost, doubled, other].map(String),
    ]),
  ])
}

/** Kills one of three workers every two seconds. */
export function kills({ quick, onProgress }: PartOptions): Promise<Part> {
  return withFleet(async ({ emulator, tracker, worker, stalls }) => {
    const [count, killCount] = quick ? [100, 3] : [1_000, 20]
    const names = namesOf(count)
    const killsDuration = killCount * 2_000
    for (const name of names)
      emulator.operations.add(name, [
        {},
        { after: 2_000 + Math.random() * killsDuration, done: true, response: { name } },
      ])
    const options = { interval: 2_000 }
    const workers = await Promise.all([worker(options), worker(options), worker(options)])
    const [first, second] = [tracker(), tracker()]
    const watches = [watchEach(first, names, emulator.endpoint), watchEach(second, names, emulator.endpoint)]
    for (let kill = 1; kill <= killCount; kill++) {
      await setTimeout(2_000)
      const index = Math.floor(Math.random() * workers.length)
      workers[index]?.kill('SIGKILL')
      workers[index] = await worker(options)
      onProgress(`killed ${kill} of ${killCount}`)
    }
    const [firstTally, secondTally] = await Promise.all(watches.map((each) => each.settled(120_000)))
    const stats = await first.stats()
    const { jobs, stalls: stalled } = await stalls()
    if (firstTally === undefined || secondTally === undefined) throw new Error('no watches')
    return {
      title: `SIGKILL to one of three workers every 2 s, ${killCount} times, ${count} operations`,
      text: `${tallyTable([
        ['the first tracker', firstTally],
        ['the second tracker', secondTally],
      ])}

${stats.completed} jobs completed, ${stats.failed} failed; jobs were moved from a killed worker ${stalled} times. ${emulator.requests.length} polls.`,
      bars: [
        bar(
          'workers killed: missing, repeated or failed final results',
          countWrongResults(firstTally) + countWrongResults(secondTally),
          0,
        ),
        bar('workers killed: failed jobs', stats.failed, 0),
        bar('workers killed: operations without a completed job', count - Math.min(jobs, stats.completed), 0),
      ],
      record: { first: firstTally, second: secondTally, stats, stalled, polls: emulator.requests.length },
    }
  })
}

/** Kills Redis, which loses all data, while two trackers watch all operations. */
export function emptied({ quick }: PartOptions): Promise<Part> {
  return withFleet(async ({ redis, emulator, tracker, worker }) => {
    const count = quick ? 50 : 1_000
    const names = namesOf(count)
    for (const name of names)
      emulator.operations.add(name, [{}, { after: 4_000 + Math.random() * 8_000, done: true }])
    await Promise.all([worker({ interval: 1_000 }), worker({ interval: 1_000 })])
    const watches = [
      watchEach(tracker(), names, emulator.endpoint),
      watchEach(tracker(), names, emulator.endpoint),
    ]
    await setTimeout(3_000)
    await redis.kill()
    await setTimeout(1_000)
    await redis.start()
    const startedAt = performance.now()
    const [firstTally, secondTally] = await Promise.all(watches.map((each) => each.settled(120_000)))
    if (firstTally === undefined || secondTally === undefined) throw new Error('no watches')
    return {
      title: `SIGKILL to Redis, and a start without data: ${count} operations, two trackers, two workers`,
      text: `${tallyTable([
        ['the first tracker', firstTally],
        ['the second tracker', secondTally],
      ])}

All watches ended within ${formatNumber((performance.now() - startedAt) / 1_000, 1)} s of the start of Redis. The operations ran for up to 8 s after it.`,
      bars: [
        bar(
          'Redis restarted without data: missing, repeated or failed final results',
          countWrongResults(firstTally) + countWrongResults(secondTally),
          0,
        ),
      ],
      record: { first: firstTally, second: secondTally },
    }
  })
}

/** Kills Redis, which keeps its data, while no tracker is open. */
export function appended({ quick }: PartOptions): Promise<Part> {
  return withFleet(
    async ({ redis, emulator, tracker, worker }) => {
      const count = quick ? 50 : 1_000
      const names = namesOf(count)
      for (const name of names)
        emulator.operations.add(name, [{}, { after: 6_000 + Math.random() * 6_000, done: true }])
      const first = tracker()
      await Promise.all(names.map((name) => first.track(name)))
      await first.close()
      await Promise.all([worker({ interval: 1_000 }), worker({ interval: 1_000 })])
      await setTimeout(3_000)
      await redis.kill()
      await setTimeout(1_000)
      await redis.start()
      const second = tracker()
      const deadline = Date.now() + 120_000
      let stats = await second.stats()
      while (stats.completed < count && Date.now() < deadline) {
        await setTimeout(200)
        stats = await second.stats()
      }
      const tally = await watchEach(second, names, emulator.endpoint).settled(60_000)
      return {
        title: `SIGKILL to Redis with appendonly: ${count} operations without a watch`,
        text: `${tallyTable([['a tracker, after the end of all operations', tally]])}\n\n${stats.completed} jobs completed before the first watch, so no watch added them again; ${stats.failed} failed.`,
        bars: [
          bar('Redis restarted with data: operations that were not completed', count - stats.completed, 0),
          bar(
            'Redis restarted with data: missing, repeated or failed final results',
            countWrongResults(tally),
            0,
          ),
          bar('Redis restarted with data: failed jobs', stats.failed, 0),
        ],
        record: { stats, tally },
      }
    },
    { appendonly: true },
  )
}

/** Replaces the oldest of three workers by a new one, several times. */
export function deploy({ quick, onProgress }: PartOptions): Promise<Part> {
  return withFleet(async ({ emulator, tracker, worker, stalls }) => {
    const [count, deployCount] = quick ? [100, 3] : [1_000, 10]
    const names = namesOf(count)
    for (const name of names)
      emulator.operations.add(name, [{}, { after: 5_000 + Math.random() * deployCount * 1_500, done: true }])
    const options = { interval: 1_000 }
    const workers = await Promise.all([worker(options), worker(options), worker(options)])
    const first = tracker()
    const watches = watchEach(first, names, emulator.endpoint)
    const exitDurations: number[] = []
    const exitCodes: unknown[] = []
    for (let deployment = 1; deployment <= deployCount; deployment++) {
      await setTimeout(500)
      workers.push(await worker(options))
      const oldest = workers.shift()
      if (oldest === undefined) continue
      const startedAt = performance.now()
      oldest.kill('SIGTERM')
      const [code] = await once(oldest, 'exit')
      exitCodes.push(code)
      exitDurations.push(performance.now() - startedAt)
      onProgress(`deployed ${deployment} of ${deployCount}`)
    }
    const tally = await watches.settled(120_000)
    const stats = await first.stats()
    const { stalls: stalled } = await stalls()
    return {
      title: `Rolling deploy: SIGTERM to one of three workers, ${deployCount} times, ${count} operations`,
      text: `${tallyTable([['the tracker', tally]])}\n\nWorkers exited after ${exitDurations.map((duration) => formatNumber(duration, 0)).join(', ')} ms.`,
      bars: [
        bar('rolling deploy: slowest exit of a worker', Math.max(...exitDurations), 2_000, 'ms'),
        bar(
          'rolling deploy: exits with a code other than 0',
          exitCodes.filter((code) => code !== 0).length,
          0,
        ),
        bar('rolling deploy: failed jobs', stats.failed, 0),
        bar('rolling deploy: stalled jobs', stalled, 0),
        bar('rolling deploy: missing, repeated or failed final results', countWrongResults(tally), 0),
      ],
      record: { exits: exitDurations, codes: exitCodes, stats, stalled, tally },
    }
  })
}

/** Applies one rate limit to three workers. */
export function rateLimit({ quick }: PartOptions): Promise<Part> {
  return withFleet(async ({ emulator, tracker, worker }) => {
    const [count, seconds] = quick ? [200, 8] : [500, 30]
    const requests = 50
    const names = namesOf(count)
    for (const name of names) emulator.operations.add(name, [{}])
    const options = { interval: 1, rateLimit: { requests, per: 1_000 } }
    const first = tracker()
    await Promise.all(names.map((name) => first.track(name)))
    await Promise.all([worker(options), worker(options), worker(options)])
    while (emulator.requests.length === 0) await setTimeout(10)
    await setTimeout(seconds * 1_000)
    const times = emulator.requests.map(({ at }) => at)
    const polls = names.map((name) => emulator.operations.polls(name))
    const mostPerSecond = mostInSecond(times)
    /** The largest number of polls above the limit in any period of at least one second. Negative below the limit. */
    let excess = Number.NEGATIVE_INFINITY
    for (let from = 0; from < times.length; from++)
      for (let to = from; to < times.length; to++) {
        const periodSeconds = ((times[to] ?? 0) - (times[from] ?? 0)) / 1_000
        const limit = requests * (Math.floor(periodSeconds) + 1)
        if (periodSeconds >= 1) excess = Math.max(excess, to - from + 1 - limit)
      }
    const [fewest, most] = [Math.min(...polls), Math.max(...polls)]
    return {
      title: `rateLimit { requests: ${requests}, per: 1000 }, three workers, ${count} operations that are always due, ${seconds} s`,
      text: `${times.length} polls reached the emulator, ${formatNumber(times.length / seconds, 1)} a second. Each operation was polled ${fewest} to ${most} times.
The limit of a period is ${requests} x (whole seconds + 1). The period that came closest to it had ${-excess} polls less.`,
      bars: [
        bar('rate limit: polls in any sliding second', mostPerSecond, 2 * requests),
        bar(
          `rate limit: polls above ${requests} x (n + 1) in any period of n seconds`,
          Math.max(0, excess),
          0,
        ),
        bar('rate limit: operations without a poll', polls.filter((count) => count === 0).length, 0),
        bar(
          'rate limit: largest difference between the numbers of polls of two operations',
          most - fewest,
          1,
        ),
      ],
      record: { polls: times.length, sliding: mostPerSecond, excess, fewest, most },
    }
  })
}

/** Applies one rate limit to workers that reach Redis through a proxy with a delay. */
export async function distance({ quick, onProgress }: PartOptions): Promise<Part> {
  const { proxied } = await loadProxy()
  const [count, seconds] = quick ? [100, 4] : [200, 12]
  const requests = 50
  const rows: {
    readonly roundTrip: number
    readonly workers: number
    readonly rate: number
    readonly most: number
    readonly gap: number
    readonly lost: number
  }[] = []
  for (const roundTrip of [2, 20, 80, 200])
    for (const workers of [1, 3]) {
      onProgress(`distance: ${roundTrip} ms, ${workers} workers`)
      const row = await withFleet(({ redis, emulator, tracker, worker, stalls }) =>
        proxied(
          redis.url,
          async (connection) => {
            const names = namesOf(count)
            for (const name of names) emulator.operations.add(name, [{}])
            const first = tracker()
            await Promise.all(names.map((name) => first.track(name)))
            const options = { connection, interval: 1, rateLimit: { requests, per: 1_000 } }
            const children = await Promise.all(Array.from({ length: workers }, () => worker(options)))
            while (emulator.requests.length === 0) await setTimeout(10)
            await setTimeout(seconds * 1_000)
            const times = emulator.requests.map(({ at }) => at)
            const end = (times[0] ?? 0) + seconds * 1_000
            const errors = await Promise.all(children.map((child) => requestFigure(child, 'lock errors')))
            return {
              rate: times.length / seconds,
              most: mostInSecond(times),
              gap: Math.max(...[...times.slice(1), end].map((at, index) => at - (times[index] ?? 0))),
              lost: (await stalls()).stalls + sum(errors),
            }
          },
          roundTrip,
        ),
      )
      rows.push({ roundTrip, workers, ...row })
    }
  return {
    title: `Distant Redis: rateLimit { requests: ${requests}, per: 1000 }, ${count} operations that are always due, ${seconds} s`,
    text: `A proxy adds the round trip to each command of the workers. The time begins with the first poll.

${table([
  [
    'round trip, ms',
    'workers',
    'polls a second',
    'most polls in any second',
    'longest gap, ms',
    'locks lost',
  ],
  ...rows.map(({ roundTrip, workers, rate, most, gap, lost }) => [
    `${roundTrip}`,
    `${workers}`,
    formatNumber(rate, 1),
    `${most}`,
    formatNumber(gap, 0),
    `${lost}`,
  ]),
])}`,
    bars: [
      bar('distant Redis: most polls in any second', Math.max(...rows.map(({ most }) => most)), 60),
      bar('distant Redis: longest gap between polls', Math.max(...rows.map(({ gap }) => gap)), 1_000, 'ms'),
      bar('distant Redis: locks lost', sum(rows.map(({ lost }) => lost)), 0),
    ],
    record: rows,
  }
}

/** Returns the maximum number of times in any period of less than one second. Times are in milliseconds. */
function mostInSecond(times: readonly number[]): number {
  return Math.max(...times.map((from, index) => times.slice(index).filter((at) => at - from < 1_000).length))
}

/** Measures a tracker and a worker with an unreachable Redis. */
export async function down(): Promise<Part> {
  const { freePort } = await loadRedis()
  const connection = `redis://user:S3CRET@127.0.0.1:${await freePort()}`
  const child = fork(fileURLToPath(new URL('down.js', import.meta.url)), [connection], {
    silent: true,
    execArgv: [],
  })
  child.disconnect()
  const [out, err] = await Promise.all([
    text(child.stdout as NodeJS.ReadableStream),
    text(child.stderr as NodeJS.ReadableStream),
  ])
  const exitedAt = Date.now()
  const { trackDuration, watchDuration, closeDuration, tracked, closedAt } = JSON.parse(out)
  return {
    title: 'Redis unreachable from the start',
    text: `\`track\` and \`watch\` return Left(Unreachable) with the message:\n\n    ${tracked.left.message.replace(/:\d+ /, ':PORT ')}`,
    bars: [
      bar('Redis unreachable: duration of `track`', trackDuration, 5_500, 'ms'),
      bar('Redis unreachable: duration of `watch`', watchDuration, 5_500, 'ms'),
      bar('Redis unreachable: time to close a tracker and a worker', closeDuration, 2_000, 'ms'),
      bar('Redis unreachable: time from close to the exit of the process', exitedAt - closedAt, 2_000, 'ms'),
      bar(
        'Redis unreachable: occurrences of the password in the output',
        `${out}${err}`.split('S3CRET').length - 1,
        0,
      ),
    ],
    record: {
      track: trackDuration,
      watch: watchDuration,
      close: closeDuration,
      exit: exitedAt - closedAt,
    },
  }
}
