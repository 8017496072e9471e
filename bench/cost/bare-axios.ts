import http from 'node:http'
import https from 'node:https'
import axios from 'axios'
import { back, type Contender, TOKEN } from './contender.ts'

/** axios with the agents, the limits and the options of a request that this library gives it, and nothing above it. */
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
  return back(async (name) => {
    const { signal } = new AbortController()
    const headers = { accept: 'application/json', authorization: `Bearer ${TOKEN}` }
    const { data } = await instance.request({ method: 'GET', url: `${endpoint}/v3/${name}`, headers, signal })
    return JSON.parse(data)
  })
}
