import type { Contender } from './contender.ts'

/** The names of the contenders, in the order of the table. */
export const CONTENDER_NAMES = [
  'http',
  'axios',
  'adapter',
  'get',
  'watch',
  'anonymous',
  'batch',
  'googleapis',
  'gax',
] as const

export type ContenderName = (typeof CONTENDER_NAMES)[number]

/** Each contender. It is loaded only in its own process. */
export const CONTENDERS: Readonly<Record<ContenderName, (endpoint: string) => Promise<Contender>>> = {
  http: async (endpoint) => (await import('./bare-http.ts')).bareHttp(endpoint),
  axios: async (endpoint) => (await import('./bare-axios.ts')).axiosInstance(endpoint),
  adapter: async (endpoint) => (await import('./bare-axios.ts')).axiosAdapter(endpoint),
  get: async (endpoint) => (await import('./ours.ts')).oursGet(endpoint),
  watch: async (endpoint) => (await import('./ours.ts')).oursWatch(endpoint),
  anonymous: async (endpoint) => (await import('./ours.ts')).oursAnonymous(endpoint),
  batch: async (endpoint) => (await import('./ours.ts')).oursBatch(endpoint),
  googleapis: async (endpoint) => (await import('./googleapis.ts')).googleapis(endpoint),
  gax: async (endpoint) => (await import('./gax.ts')).gax(endpoint),
}
