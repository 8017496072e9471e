import { fork } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Bar } from '../bar.ts'
import type { Part, Running } from '../part.ts'
import { quantile } from '../quantile.ts'
import { shown, table } from '../table.ts'
import { namesOf, withFleet } from './fleet.ts'
import { freePort } from './redis.ts'
import { type Tally, watchEach } from './watchers.ts'

function bar(what: string, figure: number | undefined, limit: number, unit = ''): Bar {
  return {
    what,
    figure,
    limit,
    unit,
  }
}
function notOnce(tally: Tally): number {
  return tally.watches - tally.once + tally.other
}
function tallies(rows: readonly (readonly [string, Tally])[]): string {
  return table([
    ['watchers', 'watches', 'one last word', 'lost', 'doubled', 'other than a success'],
    ...rows.map(([what, { watches, once: ones, lost, doubled, other }]) => [
      what,
      ...[watches, ones, lost, doubled, other].map(String),
    ]),
  ])
}

/** Workers are killed, one of three every two seconds. */
export function kills({ quick, tell }: Running): Promise<Part> {
  return withFleet(async ({ emulator, tracker, worker, stalls }) => {
    const [count, times] = quick ? [100, 3] : [1_000, 20]
    const names = namesOf(count)
    const end = times * 2_000
    for (const name of names)
      emulator.operations.add(name, [
        {},
        { after: 2_000 + Math.random() * end, done: true, response: { name } },
      ])
    const options = { interval: 2_000 }
    const workers = await Promise.all([worker(options), worker(options), worker(options)])
    const [first, second] = [tracker(), tracker()]
    const watches = [watchEach(first, names, emulator.endpoint), watchEach(second, names, emulator.endpoint)]
    for (let kill = 1; kill <= times; kill++) {
      await setTimeout(2_000)
      const at = Math.floor(Math.random() * workers.length)
      workers[at]?.kill('SIGKILL')
      workers[at] = await worker(options)
      tell(`killed ${kill} of ${times}`)
    }
    const [here, there] = await Promise.all(watches.map((one) => one.settled(120_000)))
    const stats = await first.stats()
    const { jobs, stalls: stalled } = await stalls()
    if (here === undefined || there === undefined) throw new Error('no watches')
    return {
      title: `${count} operations, three workers, one killed -9 every 2 s, ${times} times`,
      text: `${tallies([
        ['first tracker', here],
        ['second tracker', there],
      ])}

${stats.completed} jobs completed, ${stats.failed} failed; ${stalled} times a job was taken over from a worker that had died. ${emulator.requests.length} polls.`,
      bars: [
        bar('watches without exactly one last word, a success', notOnce(here) + notOnce(there), 0),
        bar('jobs that failed', stats.failed, 0),
        bar('operations that were not completed', count - Math.min(jobs, stats.completed), 0),
      ],
      record: { here, there, stats, stalled, polls: emulator.requests.length },
    }
  })
}

/** Redis loses all. */
export function emptied({ quick }: Running): Promise<Part> {
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
    const began = performance.now()
    const [here, there] = await Promise.all(watches.map((one) => one.settled(120_000)))
    if (here === undefined || there === undefined) throw new Error('no watches')
    return {
      title: `Redis killed with all data lost, and started empty: ${count} operations, two trackers, two workers`,
      text: `${tallies([
        ['first tracker', here],
        ['second tracker', there],
      ])}

All had ended ${shown((performance.now() - began) / 1_000, 1)} s after Redis was back; operations ran for up to 8 s more.`,
      bars: [bar('live watches without exactly one last word, a success', notOnce(here) + notOnce(there), 0)],
      record: { here, there },
    }
  })
}

/** Redis writes down what it is told, and nobody watches meanwhile. */
export function appended({ quick }: Running): Promise<Part> {
  return withFleet(async ({ redis, emulator, tracker, worker }) => {
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
    const later = tracker()
    const deadline = Date.now() + 120_000
    let stats = await later.stats()
    while (stats.completed < count && Date.now() < deadline) {
      await setTimeout(200)
      stats = await later.stats()
    }
    const tally = await watchEach(later, names, emulator.endpoint).settled(60_000)
    return {
      title: `Redis with appendonly, killed -9: ${count} operations that nobody watches meanwhile`,
      text: `${tallies([['after all had ended', tally]])}\n\n${stats.completed} completed before anybody watched, so none was added again; ${stats.failed} failed.`,
      bars: [
        bar('operations not completed by themselves', count - stats.completed, 0),
        bar('watches after that without exactly one last word, a success', notOnce(tally), 0),
        bar('jobs that failed', stats.failed, 0),
      ],
      record: { stats, tally },
    }
  }, true)
}

/** A new worker comes, an old one goes, ten times. */
export function deploy({ quick, tell }: Running): Promise<Part> {
  return withFleet(async ({ emulator, tracker, worker, stalls }) => {
    const [count, times] = quick ? [100, 3] : [1_000, 10]
    const names = namesOf(count)
    for (const name of names)
      emulator.operations.add(name, [{}, { after: 5_000 + Math.random() * times * 1_500, done: true }])
    const options = { interval: 1_000 }
    const workers = await Promise.all([worker(options), worker(options), worker(options)])
    const first = tracker()
    const watches = watchEach(first, names, emulator.endpoint)
    const exits: number[] = []
    const codes: unknown[] = []
    for (let turn = 1; turn <= times; turn++) {
      await setTimeout(500)
      workers.push(await worker(options))
      const old = workers.shift()
      if (old === undefined) continue
      const began = performance.now()
      old.kill('SIGTERM')
      const [code] = await once(old, 'exit')
      codes.push(code)
      exits.push(performance.now() - began)
      tell(`deployed ${turn} of ${times}`)
    }
    const tally = await watches.settled(120_000)
    const stats = await first.stats()
    const { stalls: stalled } = await stalls()
    return {
      title: `Rolling deploy, ${times} times: SIGTERM to one of three workers, ${count} operations`,
      text: `${tallies([['the tracker', tally]])}\n\nWorkers were gone after ${exits.map((exit) => shown(exit, 0)).join(', ')} ms.`,
      bars: [
        bar('slowest exit', Math.max(...exits), 2_000, 'ms'),
        bar('exits with another code than 0', codes.filter((code) => code !== 0).length, 0),
        bar('jobs that failed', stats.failed, 0),
        bar('jobs that stalled', stalled, 0),
        bar('watches without exactly one last word, a success', notOnce(tally), 0),
      ],
      record: { exits, codes, stats, stalled, tally },
    }
  })
}

/** One quota for three workers. */
export function limiter({ quick }: Running): Promise<Part> {
  return withFleet(async ({ emulator, tracker, worker }) => {
    const [count, seconds] = quick ? [200, 8] : [500, 30]
    const max = 50
    const names = namesOf(count)
    for (const name of names) emulator.operations.add(name, [{}])
    const options = { interval: 1, rateLimit: { requests: max, per: 1_000 } }
    const first = tracker()
    await Promise.all(names.map((name) => first.track(name)))
    await Promise.all([worker(options), worker(options), worker(options)])
    while (emulator.requests.length === 0) await setTimeout(10)
    await setTimeout(seconds * 1_000)
    const at = emulator.requests.map((request) => request.at)
    const polls = names.map((name) => emulator.operations.polls(name))
    let sliding = 0
    let excess = Number.NEGATIVE_INFINITY
    for (let from = 0; from < at.length; from++)
      for (let to = from; to < at.length; to++) {
        const length = ((at[to] ?? 0) - (at[from] ?? 0)) / 1_000
        const polled = to - from + 1
        if (length < 1) sliding = Math.max(sliding, polled)
        else excess = Math.max(excess, polled - max * (Math.floor(length) + 1))
      }
    const [fewest, most] = [Math.min(...polls), Math.max(...polls)]
    return {
      title: `limiter {max: ${max}, duration: 1000}, three workers, ${count} operations that are always due, ${seconds} s`,
      text: `${at.length} polls reached the emulator, ${shown(at.length / seconds, 1)} a second. Each operation was polled ${fewest} to ${most} times.
All are counted, from the first on. The stretch that came nearest to the limit of ${max} x (whole seconds + 1) was ${-excess} polls below it.`,
      bars: [
        bar('polls in any sliding second', sliding, 2 * max),
        bar(`polls above ${max} x (whole seconds + 1), over any longer stretch`, Math.max(0, excess), 0),
        bar('operations that were not polled', polls.filter((times) => times === 0).length, 0),
        bar('turns by which one is ahead of another', most - fewest, 1),
      ],
      record: { polls: at.length, sliding, excess, fewest, most },
    }
  })
}

/** What the engine can do, with a server that answers in no time. */
export async function capacity({ quick, tell }: Running): Promise<Part> {
  const rows: { readonly workers: number; readonly rate: number }[] = []
  const [count, seconds] = quick ? [500, 2] : [2_000, 8]
  for (const size of [1, 2, 3]) {
    tell(`capacity: ${size} workers`)
    const rate = await withFleet(async ({ tracker, worker }) => {
      const first = tracker()
      for (let at = 0; at < count; at += 500)
        await Promise.all(
          namesOf(count)
            .slice(at, at + 500)
            .map((name) => first.track(name)),
        )
      const options = { interval: 1, instant: true, rateLimit: { requests: 1_000_000, per: 1_000 } }
      const workers = await Promise.all(Array.from({ length: size }, () => worker(options)))
      const counted = (): Promise<number> =>
        Promise.all(
          workers.map(async (one) => {
            const answer = once(one, 'message')
            one.send('count')
            return Number((await answer)[0])
          }),
        ).then((all) => all.reduce((sum, one) => sum + one, 0))
      await setTimeout(1_500)
      const [before, began] = [await counted(), performance.now()]
      await setTimeout(seconds * 1_000)
      return ((await counted()) - before) / ((performance.now() - began) / 1_000)
    })
    rows.push({ workers: size, rate })
  }
  tell('capacity: memory')
  const memory = await withFleet(async ({ redis, tracker, worker }) => {
    const many = quick ? 1_000 : 10_000
    const used = async (): Promise<number> =>
      Number(/used_memory:(\d+)/.exec(await redis.client.info('memory'))?.[1] ?? Number.NaN)
    const first = tracker()
    await first.stats()
    const empty = await used()
    const names = namesOf(many)
    for (let at = 0; at < many; at += 500)
      await Promise.all(names.slice(at, at + 500).map((name) => first.track(name)))
    const added = await used()
    await worker({ interval: 3_600_000, instant: true })
    const deadline = Date.now() + 120_000
    while ((await first.stats()).delayed < many && Date.now() < deadline) await setTimeout(200)
    const queue = (await redis.client.keys('{lro}:*:events'))[0] ?? ''
    const events = Number(await redis.client.call('MEMORY', 'USAGE', queue, 'SAMPLES', '0'))
    const polled = await used()
    return { added: (added - empty) / many, polled: (polled - empty - events) / many, events, many }
  })
  tell('capacity: latency')
  const latencies = await withFleet(async ({ emulator, tracker, worker }) => {
    const names = namesOf(quick ? 100 : 500)
    for (const name of names)
      emulator.operations.add(name, [{}, { after: quick ? 4_000 : 15_000, done: true }])
    await Promise.all([worker({ interval: 2_000 }), worker({ interval: 2_000 })])
    const watches = watchEach(tracker(), names, emulator.endpoint)
    await watches.settled(60_000)
    // Of the first snapshot it is not known whether the watch was there in time.
    return watches.latencies.slice(names.length)
  })
  const [median, p99] = [quantile(latencies, 0.5), quantile(latencies, 0.99)]
  return {
    title: 'Capacity of the engine',
    text: `Re-polls with a server that answers in no time, ${count} operations that are always due, concurrency 100:

${table([['workers', 're-polls a second'], ...rows.map(({ workers, rate }) => [String(workers), shown(rate, 0)])])}

Memory of Redis for each of ${shown(memory.many, 0)} operations: ${shown(memory.added, 0)} bytes once tracked, ${shown(memory.polled, 0)} bytes once polled and
waiting for the next poll; beside these the stream of events, ${shown(memory.events / 1_024, 0)} KiB in all, which is trimmed to about 1,000 entries.

From when a worker had the answer until a watch in another process said it, ${shown(latencies.length, 0)} snapshots at up to 250 a second: p50 ${shown(median, 0)} ms,
p99 ${shown(p99, 0)} ms.`,
    bars: [],
    record: { rows, memory, latency: { count: latencies.length, median, p99 } },
  }
}

/** Redis is not there from the start. */
export async function down(): Promise<Part> {
  const connection = `redis://user:S3CRET@127.0.0.1:${await freePort()}`
  const child = fork(fileURLToPath(new URL('down.js', import.meta.url)), [connection], { silent: true })
  child.disconnect()
  const [out, err] = await Promise.all([
    text(child.stdout as NodeJS.ReadableStream),
    text(child.stderr as NodeJS.ReadableStream),
  ])
  const ended = Date.now()
  const said = JSON.parse(out)
  const { track, watch, close, tracked } = said
  return {
    title: 'Redis down from the start',
    text: `\`track\` and \`watch\` answer with Left(Unreachable), whose message is:\n\n    ${tracked.left.message.replace(/:\d+ /, ':PORT ')}`,
    bars: [
      bar('track answers', track, 5_500, 'ms'),
      bar('watch answers', watch, 5_500, 'ms'),
      bar('close of a tracker and a worker', close, 2_000, 'ms'),
      bar('from there to the end of the process', ended - said.ended, 2_000, 'ms'),
      bar('times that the password was printed', `${out}${err}`.split('S3CRET').length - 1, 0),
    ],
    record: { track, watch, close, exit: ended - said.ended },
  }
}
