import type { Contender } from '../cost/contender.ts'
import { CONTENDERS, type ContenderName } from '../cost/contenders.ts'

export type TlsName = Exclude<ContenderName, 'adapter' | 'anonymous'>

/** The names of the contenders over TLS, in the order of the table. */
export const TLS_NAMES: readonly TlsName[] = ['http', 'axios', 'get', 'watch', 'batch', 'googleapis', 'gax']

/** Each contender. Only two of them need other code than over http. */
export const TLS_CONTENDERS: Readonly<Record<TlsName, (endpoint: string) => Promise<Contender>>> = {
  ...CONTENDERS,
  http: async (endpoint) => (await import('./bare-https.ts')).bareHttps(endpoint),
  gax: async (endpoint) => (await import('./gax.ts')).gaxOverTls(endpoint),
}
