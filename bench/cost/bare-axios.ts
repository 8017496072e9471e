import http from 'node:http'
import https from 'node:https'
import axios from 'axios'
import { type Contender, pollAgain, TOKEN } from './contender.ts'

/** Polls with axios alone, with the same agents, limits and request options as this library. */
export function bareAxios(endpoint: string): Contender {
  const instance = axios.create({
    adapter: 'http',
    httpAgent: new http.Agent({ keepAlive: true }),
    httpsAgent: new https.Agent({ keepAlive: true }),
    proxy: false,
    maxRedirects: 0,
    maxContentLength: 16 * 2 ** 20,
    responseType: 'text',
    validateStatus: () => true,
  })
  return pollAgain(async (name) => {
    const { signal } = new AbortController()
    const headers = { accept: 'application/json', authorization: `Bearer ${TOKEN}` }
    const { data } = await instance.request({ method: 'GET', url: `${endpoint}/v3/${name}`, headers, signal })
    return JSON.parse(data)
  })
}
