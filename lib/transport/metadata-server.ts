import { isNeverProxied } from './proxy.js'

/** Environment variables that GKE, Cloud Run or Cloud Functions sets, or that contain the address of a metadata server. */
const VARIABLES = ['KUBERNETES_SERVICE_HOST', 'K_SERVICE', 'FUNCTION_TARGET', 'GCE_METADATA_HOST']

/**
 * Clears the cached result "no metadata server" of google-auth-library, in its module and in a GoogleAuth. Resolves with
 * whether the process may run on Google Cloud, whose metadata server may start later than the process.
 *
 * Source: https://cloud.google.com/run/docs/container-contract.
 */
export async function forgetMissingServer(auth: object): Promise<boolean> {
  const { gcpMetadata } = await importAuthLibrary()
  gcpMetadata.resetIsAvailableCache()
  if ('isGCE' in auth) Object.assign(auth, { checkIsGCE: undefined })
  // With these values, google-auth-library sends no request to a metadata server, so a later start has no effect.
  if (/^\s*(?:none|bios-only)\s*$/i.test(process.env.METADATA_SERVER_DETECTION ?? '')) return false
  return VARIABLES.some((variable) => process.env[variable]) || gcpMetadata.getGCPResidency()
}

/** Imports google-auth-library when it is first needed. */
export async function importAuthLibrary(): Promise<typeof import('google-auth-library')> {
  const library = await import('google-auth-library')
  // It is a CommonJS package. esbuild with code splitting has its exports only in `default`.
  return 'GoogleAuth' in library ? library : Object(library).default
}

/**
 * Removes the proxy from requests of gaxios to metadata servers. gaxios sends all requests to the proxy in the environment
 * variables, unless `NO_PROXY` contains the host. The proxy would receive the tokens, because these requests use http.
 */
export function sendMetadataRequestsDirectly({ interceptors }: Gaxios): void {
  interceptors.request.add(directMetadata)
}

/** The default instance of gaxios. Its interceptors are a Set, so an interceptor is added only once. */
type Gaxios = typeof import('google-auth-library')['gaxios']['instance']

const directMetadata = {
  resolved: async <R extends { readonly url: URL; agent?: unknown }>(request: R): Promise<R> => {
    const isProxied = 'proxy' in Object(request.agent)
    if (isProxied && isNeverProxied(request.url.origin)) request.agent = undefined
    return request
  },
}
