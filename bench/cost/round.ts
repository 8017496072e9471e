import type { Contender } from './contender.ts'

/** The number of polls of a round. */
export interface Round {
  /** Polls before the measurement starts. */
  readonly before: number
  readonly polls: number
}

/** Runs a round and returns the CPU time of this process for a poll, in microseconds. */
export async function measureRound(contender: Contender, { before, polls }: Round): Promise<number> {
  let responses = 0
  let start: NodeJS.CpuUsage | undefined
  let polling = { stop: async (): Promise<void> => undefined }
  const { user, system } = await new Promise<NodeJS.CpuUsage>((resolve) => {
    polling = contender(() => {
      responses += 1
      if (responses === before) start = process.cpuUsage()
      if (responses === before + polls) resolve(process.cpuUsage(start))
    })
  })
  await polling.stop()
  return (user + system) / polls
}
