// Sends one poll at a time and stores the poll state as JSON, for your own job queue, workflow engine or cron job.
import { setTimeout } from 'node:timers/promises'
import { either as E } from 'fp-ts'
import { OperationsClient } from 'rx-longrunning'
import { lastValueFrom } from 'rxjs'

const [name = 'operations/cp.1'] = process.argv.slice(2)
const client = new OperationsClient()

/** Runs one job: reads the stored state, polls once, and returns the next state and its delay in milliseconds. */
async function runJob(stored: string): Promise<{ state?: string; delay?: number }> {
  const step = await lastValueFrom(client.step(JSON.parse(stored)))
  if (step._tag === 'Pending') return { state: JSON.stringify(step.state), delay: step.wait }
  console.log(
    E.isRight(step.result) ? `succeeded after ${step.result.right.attempt} polls` : step.result.left.message,
  )
  return {}
}

let stored: string | undefined = JSON.stringify(name)
while (stored !== undefined) {
  const { state, delay = 0 } = await runJob(stored)
  if (state !== undefined) console.log(`next poll in ${delay} ms`)
  await setTimeout(delay)
  stored = state
}
client.close()
