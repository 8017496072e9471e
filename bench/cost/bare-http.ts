import http from 'node:http'
import https from 'node:https'
import { type Contender, pollAgain, TOKEN } from './contender.ts'

/** Polls with `node:http` or `node:https` alone. This is the lowest possible cost. */
export function bareHttp(endpoint: string): Contender {
  const { protocol, hostname, port } = new URL(endpoint)
  const { Agent, request } = protocol === 'https:' ? https : http
  const agent = new Agent({ keepAlive: true })
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
