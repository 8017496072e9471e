// Starts a project with the client of Google at POST /projects/ID, and streams its operation at GET /operations/NAME.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { auth, cloudresourcemanager } from '@googleapis/cloudresourcemanager'
import { either as E } from 'fp-ts'
import { isStartFailed, OperationsClient, type StartFailed } from 'rx-longrunning'
import { createProject } from 'rx-longrunning/resource-manager'
import { firstValueFrom } from 'rxjs'

const host = process.env.CLOUDRESOURCEMANAGER_EMULATOR_HOST
const scopes = ['https://www.googleapis.com/auth/cloud-platform']

/** Returns credentials for the emulator, which accepts any token. */
function emulatorAuth() {
  const authClient = new auth.OAuth2()
  authClient.setCredentials({ access_token: 'a-token', expiry_date: Date.now() + 3_600_000 })
  return authClient
}

const crm = cloudresourcemanager({
  version: 'v3',
  ...(host ? { rootUrl: `http://${host}`, auth: emulatorAuth() } : { auth: new auth.GoogleAuth({ scopes }) }),
})
const client = new OperationsClient()

/** Returns the HTTP status for a failed call: 4xx of Google, 503 during a shutdown, otherwise 502. */
function statusFor({ httpStatus = 502, code }: StartFailed): number {
  if (code === 'CLIENT_CLOSED') return 503
  // These statuses concern the credentials and the proxy of this server, and not the request of its caller.
  const isOwn = [401, 403, 407].includes(httpStatus)
  return httpStatus >= 400 && httpStatus < 500 && !isOwn ? httpStatus : 502
}

const server = createServer(async (request, response) => {
  if (request.method === 'POST') {
    const projectId = request.url?.split('/')[2] ?? ''
    const project = client.start(
      ({ signal }) =>
        crm.projects.create(
          { requestBody: { projectId } },
          { signal, retry: false, fetchImplementation: fetch },
        ),
      createProject,
    )
    const first = await firstValueFrom(project)
    if (E.isRight(first)) return void response.writeHead(202, { location: `/${first.right.name}` }).end()
    const status = isStartFailed(first.left) ? statusFor(first.left) : 502
    return void response.writeHead(status).end(first.left.message)
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  const subscription = client.watch(request.url?.slice(1) ?? '').subscribe({
    next: (emission) => {
      const { _tag, ...rest } = E.toUnion(emission)
      response.write(`event: ${_tag}\ndata: ${JSON.stringify(rest)}\n\n`)
    },
    complete: () => response.end(),
  })
  response.on('close', () => subscription.unsubscribe())
})

process.once('SIGTERM', () => {
  client.close()
  server.close()
})
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () =>
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
)
