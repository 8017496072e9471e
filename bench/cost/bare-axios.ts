import http from 'node:http'
import https from 'node:https'
import axios from 'axios'
import { type Contender, pollAgain, TOKEN } from './contender.ts'

const HEADERS = { accept: 'application/json', authorization: `Bearer ${TOKEN}` }

/** Polls with an axios instance, with the same agents, limits and request options as this library. */
export function axiosInstance(endpoint: string): Contender {
  const instance = axios.create(sharedConfig())
  return pollAgain(async (name) => {
    const { signal } = new AbortController()
    const url = `${endpoint}/v3/${name}`
    const { data } = await instance.request({ method: 'GET', url, headers: HEADERS, signal })
    return JSON.parse(data)
  })
}

/** Polls with the HTTP adapter of axios, without an instance, which would merge its configuration for each request. */
export function axiosAdapter(endpoint: string): Contender {
  const adapter = axios.getAdapter('http')
  const config = sharedConfig()
  return pollAgain(async (name) => {
    const { signal } = new AbortController()
    const headers = axios.AxiosHeaders.from(HEADERS)
    const { data } = await adapter({
      ...config,
      method: 'GET',
      url: `${endpoint}/v3/${name}`,
      headers,
      signal,
    })
    return JSON.parse(data)
  })
}

function sharedConfig() {
  return {
    adapter: 'http',
    httpAgent: new http.Agent({ keepAlive: true }),
    httpsAgent: new https.Agent({ keepAlive: true }),
    proxy: false,
    maxRedirects: 0,
    maxContentLength: 16 * 2 ** 20,
    responseType: 'text',
    validateStatus: () => true,
  } as const
}
