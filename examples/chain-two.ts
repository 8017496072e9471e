// Creates a folder, then a project in it: two operations in one stream.
import { either as E } from 'fp-ts'
import { andThen, OperationsClient, type WatchOptions } from 'rx-longrunning'
import { defer, lastValueFrom, switchMap, tap } from 'rxjs'
import { z } from 'zod'

const client = new OperationsClient()
const host = process.env.CLOUDRESOURCEMANAGER_EMULATOR_HOST

/** Starts an operation, as any Google client does, and watches it from the first response. */
function start<R>(collection: string, body: object, response: WatchOptions<R>['response']) {
  return defer(async () => {
    const reply = await fetch(`http://${host}/v3/${collection}`, {
      method: 'POST',
      body: JSON.stringify(body),
    })
    return reply.json()
  }).pipe(switchMap((operation) => client.follow<R>(operation, response && { response })))
}

const resource = z.object({ name: z.string() })
const folder = start('folders', { parent: 'organizations/1', displayName: 'Team' }, resource)
function projectIn(parent: string) {
  return start('projects', { parent, projectId: 'team-1' }, resource)
}

const result = await lastValueFrom(
  folder.pipe(
    andThen(({ name }) => projectIn(name)),
    tap((emission) => E.isRight(emission) && console.log(emission.right._tag, emission.right.attempt)),
  ),
)
console.log(E.isRight(result) && result.right.done ? `created ${result.right.response.name}` : result)
client.close()
