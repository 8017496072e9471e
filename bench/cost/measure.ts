import { startChild } from '../child.ts'
import { type Quartiles, quartiles } from '../quantile.ts'
import type { Server } from '../server-process.ts'
import type { Round } from './client.ts'
import { CONTENDER_NAMES, type ContenderName } from './contenders.ts'

/** What a poll costs a contender. */
interface Cost {
  /** CPU microseconds of its process for a poll, user and system, of all rounds. */
  readonly micros: Quartiles
  /** Of each round: as many times as bare axios. */
  readonly timesAxios: Quartiles
  /** Of each round: as many times as @googleapis/cloudresourcemanager. */
  readonly timesGoogleapis: Quartiles
}

export interface Costs {
  readonly rounds: number
  readonly pollsOfRound: number
  readonly costs: Readonly<Partial<Record<ContenderName, Cost>>>
  /** Why a contender has no figure. */
  readonly refused: Readonly<Partial<Record<ContenderName, string>>>
}

export interface CostOptions {
  readonly rounds: number
  /** Rounds before them that are not counted. */
  readonly warmUp: number
  readonly round: Round
}

/** Measures all contenders, each in its process, in rounds by turns; who begins changes with each round. */
export async function measureCosts(
  server: Server,
  { rounds, warmUp, round }: CostOptions,
  tell: (done: number, of: number) => void,
): Promise<Costs> {
  const children = CONTENDER_NAMES.map((name) => ({
    name,
    child: startChild('./cost/client.js', [name, server.endpoint]),
  }))
  const micros = new Map(CONTENDER_NAMES.map((name) => [name, [] as number[]]))
  const refused: Partial<Record<ContenderName, string>> = {}
  try {
    for (let n = 0; n < warmUp + rounds; n += 1) {
      const turn = children.map((_, place) => children[(place + n) % children.length])
      for (const one of n % 2 === 0 ? turn : turn.reverse()) {
        if (one === undefined || one.name in refused) continue
        try {
          await server.count(0)
          const cost = await one.child.ask<number>(round)
          const { polls, batches } = await server.counted()
          const isBatched = polls > batches && batches > 0
          if (isBatched !== (one.name === 'batch'))
            throw new Error(`${polls} polls came in ${batches} batches`)
          if (n >= warmUp) micros.get(one.name)?.push(cost)
        } catch (error) {
          refused[one.name] = String(error)
        }
      }
      tell(n + 1, warmUp + rounds)
    }
  } finally {
    for (const { child } of children) child.end()
  }
  const costs = CONTENDER_NAMES.flatMap((name) => {
    const all = micros.get(name)
    if (all === undefined || name in refused) return []
    const times = (other: ContenderName): Quartiles =>
      quartiles(all.map((cost, n) => cost / (micros.get(other)?.[n] ?? Number.NaN)))
    const cost: Cost = {
      micros: quartiles(all),
      timesAxios: times('axios'),
      timesGoogleapis: times('googleapis'),
    }
    return [[name, cost] as const]
  })
  return { rounds, pollsOfRound: round.polls, costs: Object.fromEntries(costs), refused }
}
