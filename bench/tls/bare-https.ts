import { Agent, request } from 'node:https'
import { type Contender, pollAgain, TOKEN } from '../cost/contender.ts'

/** Polls with `node:https` alone. This is the lowest possible cost. */
export function bareHttps(endpoint: string): Contender {
  const agent = new Agent({ keepAlive: true })
  const { hostname, port } = new URL(endpoint)
  const headers = { accept: 'application/json', authorization: `Bearer ${TOKEN}` }
  return pollAgain(
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
