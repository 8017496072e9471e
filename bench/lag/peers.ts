import type { Contender, PollResult } from './contender.ts'
import { between, type Random } from './random.ts'

/** The default schedule of a library, in seconds. */
interface Defaults {
  /** The time of the first poll. */
  readonly first: number | 'after a wait'
  /** Returns the wait with the given index, from 0. */
  readonly wait: (n: number, random: Random) => number
  /** Returns whether the library gives up instead of another wait. */
  readonly givesUp?: (at: number, wait: number) => boolean
}

function run({ first, wait, givesUp = () => false }: Defaults, duration: number, random: Random): PollResult {
  let waits = 0
  let at = first === 'after a wait' ? wait(waits++, random) : first
  let polls = 1
  for (; at < duration; polls++) {
    const next = wait(waits++, random)
    if (givesUp(at, next)) return { polls }
    at += next
  }
  return { polls, lag: at - duration }
}

function peer(name: string, short: string, waits: string, defaults: Defaults): Contender {
  return {
    name,
    short,
    waits,
    isOurs: false,
    scheduleFor: () => (duration, random) => run(defaults, duration, random),
  }
}

/** Returns a condition that gives up if the next poll is later than the limit. */
function until(limit: number) {
  return (at: number, wait: number) => at + wait > limit
}

/**
 * The default schedules of other libraries, read from the sources of the given versions. Libraries without a schedule,
 * such as googleapis for Node and google-api-python-client, are absent because their callers write the loop.
 */
export const PEERS: readonly Contender[] = [
  peer('google-gax 5.0.8 (Node)', 'gax (Node)', '0.1 s x 1.3^n, at most 60 s', {
    first: 0,
    wait: (n) => Math.min(0.1 * 1.3 ** n, 60),
  }),
  peer(
    'google-api-core 2.40.0 (Python)',
    'api-core (Python)',
    'random below 1.5^n s, at most 20 s; gives up after 900 s',
    {
      first: 0,
      wait: (n, random) => between(random, 0, Math.min(1.5 ** n, 20)),
      givesUp: until(900),
    },
  ),
  peer('google-cloud-rust', 'Rust', 'first poll after 1 s; 2 s x 2^n, at most 60 s', {
    first: 1,
    wait: (n) => Math.min(2 ** (n + 1), 60),
  }),
  peer(
    'gax (Java)',
    'gax (Java)',
    'first poll after a wait; random below 5 s x 1.5^n, at most 45 s; gives up after 300 s',
    {
      first: 'after a wait',
      wait: (n, random) => between(random, 0, Math.min(5 * 1.5 ** n, 45)),
      givesUp: until(300),
    },
  ),
  peer('google-cloud-go', 'Go', 'random below 2^n s, at most 60 s', {
    first: 0,
    wait: (n, random) => between(random, 0, Math.min(2 ** n, 60)),
  }),
  peer('@azure/core-lro 3.3.1', 'Azure', '2 s', { first: 0, wait: () => 2 }),
  peer(
    '@smithy/util-waiter 4.6.2 (AWS)',
    'AWS',
    'random from 2 s to 2 s x 2^n; 120 s from the seventh wait on',
    {
      first: 0,
      wait: (n, random) =>
        n + 1 > Math.log2(120 / 2) + 1 ? 120 : between(random, 2, Math.min(2 * 2 ** n, 120)),
    },
  ),
  peer(
    'gcloud 528.0.0, projects and folders',
    'gcloud projects',
    'first poll after 1 s; 2 s x 2^n + up to 1 s, at most 20 s; gives up after 300 s',
    {
      first: 1,
      wait: (n, random) => Math.min(2 * 2 ** n + random(), 20),
      givesUp: until(300),
    },
  ),
  peer(
    'gcloud 528.0.0, tags',
    'gcloud tags',
    'first poll after 1 s; 2 s x 1.4^n + up to 1 s, at most 180 s; gives up after 1800 s',
    {
      first: 1,
      wait: (n, random) => Math.min(2 * 1.4 ** n + random(), 180),
      givesUp: until(1_800),
    },
  ),
  peer('terraform-provider-google', 'Terraform', '10 s', { first: 0, wait: () => 10 }),
  peer('terraform plugin SDK, own default', 'Terraform SDK', '2, 4, 8 s, then 10 s', {
    first: 0,
    wait: (n) => Math.min(2 * 2 ** n, 10),
  }),
  peer('rxjs-poll 3.0.2', 'rxjs-poll', '1 s', { first: 0, wait: () => 1 }),
  peer('backoff-rxjs 7.0.0, from 1 s', 'backoff-rxjs', '1 s x 2^n, without a maximum', {
    first: 0,
    wait: (n) => 2 ** n,
  }),
  peer(
    'firebase-tools (an older version)',
    'Firebase',
    '0.5 s x 2^n, at most 60 s; gives up at a poll after 30 s',
    {
      first: 0,
      wait: (n) => Math.min(0.5 * 2 ** n, 60),
      givesUp: (at) => at > 30,
    },
  ),
]
