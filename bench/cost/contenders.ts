import type { Contender } from './contender.ts'

export type ContenderName = 'http' | 'axios' | 'get' | 'watch' | 'anonymous' | 'batch' | 'googleapis' | 'gax'

/** Each contender, in the order of the table. It is loaded only in its own process. */
export const CONTENDERS: Readonly<Record<ContenderName, (endpoint: string) => Promise<Contender>>> = {
  http: async (endpoint) => (await import('./bare-http.ts')).bareHttp(endpoint),
  axios: async (endpoint) => (await import('./bare-axios.ts')).bareAxios(endpoint),
  get: async (endpoint) => (await import('./ours.ts')).oursGet(endpoint),
  watch: async (endpoint) => (await import('./ours.ts')).oursWatch(endpoint),
  anonymous: async (endpoint) => (await import('./ours.ts')).oursAnonymous(endpoint),
  batch: async (endpoint) => (await import('./ours.ts')).oursBatch(endpoint),
  googleapis: async (endpoint) => (await import('./googleapis.ts')).googleapis(endpoint),
  gax: async (endpoint) => (await import('./gax.ts')).gax(endpoint),
}

export const CONTENDER_NAMES: readonly ContenderName[] = [
  'http',
  'axios',
  'get',
  'watch',
  'anonymous',
  'batch',
  'googleapis',
  'gax',
]
