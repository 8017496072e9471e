import { Agent, request } from 'node:http'
import { back, type Contender, TOKEN } from './contender.ts'

/** `node:http` and nothing else: the floor under all of them. */
export function bareHttp(endpoint: string): Contender {
  const agent = new Agent({ keepAlive: true })
  const { hostname, port } = new URL(endpoint)
  const headers = { accept: 'application/json', authorization: `Bearer ${TOKEN}` }
  return back(
    (name) =>
      new Promise<unknown>((resolve, reject) => {
        request({ agent, hostname, port, path: `/v3/${name}`, headers }, (response) => {
          let body = ''
          response.setEncoding('utf8')
          response.on('data', (text: string) => {
            body += text
          })
          response.on('end', () => resolve(JSON.parse(body)))
          response.on('error', reject)
        })
          .on('error', reject)
          .end()
      }),
  )
}
