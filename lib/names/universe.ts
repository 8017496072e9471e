import { InvalidOption } from '../messages/invalid-option.js'
import { isLeft } from '../model/either.js'
import { GOOGLE_UNIVERSE, isDomain, parseEndpoint } from './endpoint.js'

// Source: https://google.aip.dev/auth/4114 for the first, googleapis-common for the second.
const MTLS = 'GOOGLE_API_USE_MTLS_ENDPOINT'
const UNIVERSE = 'GOOGLE_CLOUD_UNIVERSE_DOMAIN'

/**
 * Returns the given universe domain, that of the environment variable `GOOGLE_CLOUD_UNIVERSE_DOMAIN`, or the default.
 * Throws {@link InvalidOption} if it is not a domain.
 */
export function resolveUniverseDomain(universeDomain: string | undefined): string {
  const domain = universeDomain ?? (process.env[UNIVERSE] || GOOGLE_UNIVERSE)
  if (isDomain(domain)) return domain
  throw new InvalidOption('universeDomain', 'a domain such as "googleapis.com"', domain)
}

/** Returns whether to use the host for mutual TLS, which exists only in the default universe. */
function usesMutualTls(hasCertificate: boolean, universeDomain: string): boolean {
  const mode = process.env[MTLS] || 'auto'
  if (mode !== 'always' && mode !== 'auto' && mode !== 'never')
    throw new InvalidOption(MTLS, '"always", "auto" or "never"', mode)
  if (mode === 'always' && universeDomain !== GOOGLE_UNIVERSE)
    throw new InvalidOption(MTLS, `"auto" or "never" outside ${GOOGLE_UNIVERSE}`, mode)
  return mode === 'always' || (mode === 'auto' && hasCertificate && universeDomain === GOOGLE_UNIVERSE)
}

const EMULATOR = 'CLOUDRESOURCEMANAGER_EMULATOR_HOST'

/**
 * Returns the endpoint as its origin. The default is the emulator that the environment names, or Resource Manager.
 *
 * Throws {@link InvalidOption}.
 */
export function resolveEndpoint(
  given: string | undefined,
  hasCertificate: boolean,
  universeDomain: string,
): { readonly endpoint: string; readonly isEmulator: boolean } {
  const host = given === undefined ? process.env[EMULATOR] : undefined
  const isMutual = given === undefined && usesMutualTls(hasCertificate, universeDomain)
  const service = `https://cloudresourcemanager.${isMutual ? 'mtls.' : ''}${universeDomain}`
  const url = host ? `http://${host}` : (given ?? service)
  const endpoint = parseEndpoint(url)
  if (!isLeft(endpoint)) return { endpoint: endpoint.right, isEmulator: Boolean(host) }
  throw host
    ? new InvalidOption(EMULATOR, 'host:port', host)
    : new InvalidOption('endpoint', endpoint.left, url)
}
