// Starts three operations and follows them with one client. One failure does not stop the others.
import { either as E } from 'fp-ts'
import { follow, lagBounded, OperationsClient } from 'rx-longrunning'
import { from, lastValueFrom, mergeMap, tap, toArray } from 'rxjs'

const host = process.env.CLOUDRESOURCEMANAGER_EMULATOR_HOST
const client = new OperationsClient()

/** Starts an operation, as any Google client does. */
async function createProject(projectId: string): Promise<unknown> {
  const reply = await fetch(`http://${host}/v3/projects`, {
    method: 'POST',
    body: JSON.stringify({ projectId }),
  })
  return reply.json()
}

const emissions = from(['team-a', 'team-b', 'team-c']).pipe(
  mergeMap(createProject),
  follow(client, { schedule: lagBounded({ ratio: 0.1, min: 200, max: 5_000 }), timeout: 600_000 }),
  tap((emission) => {
    if (E.isLeft(emission)) console.log(emission.left.message)
  }),
)
const all = await lastValueFrom(emissions.pipe(toArray()))
console.log(`${all.filter((emission) => E.isRight(emission) && emission.right.done).length} created`)
client.close()
