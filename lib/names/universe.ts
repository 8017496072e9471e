import { InvalidOption } from '../messages/invalid-option.js'
import { isLeft } from '../model/either.js'
import { GOOGLE_UNIVERSE, isDomain, parseEndpoint } from './endpoint.js'

// Source: https://google.aip.dev/auth/4114.
const MTLS = 'GOOGLE_API_USE_MTLS_ENDPOINT'
// Source: googleapis-common.
const UNIVERSE = 'GOOGLE_CLOUD_UNIVERSE_DOMAIN'

/**
 * Returns the universe domain: the argument, the environment variable `GOOGLE_CLOUD_UNIVERSE_DOMAIN`, or the default.
 * Throws {@link InvalidOption} if it is not a domain.
 */
export function resolveUniverseDomain(universeDomain: string | undefined): string {
  const domain = universeDomain ?? (process.env[UNIVERSE] || GOOGLE_UNIVERSE)
  if (isDomain(domain)) return domain
  throw new InvalidOption('universeDomain', 'a domain such as "googleapis.com"', domain)
}

/** Returns whether to use the host for mutual TLS. That host exists only in `googleapis.com`. */
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
 * Returns the origin of an endpoint. The default is the emulator in `CLOUDRESOURCEMANAGER_EMULATOR_HOST` or, if that is
 * not set, Resource Manager. Throws {@link InvalidOption}.
 */
export function resolveEndpoint(
  option: string | undefined,
  hasCertificate: boolean,
  universeDomain: string,
): { readonly endpoint: string; readonly isEmulator: boolean } {
  const host = option === undefined ? process.env[EMULATOR] : undefined
  const isMutual = option === undefined && usesMutualTls(hasCertificate, universeDomain)
  const defaultUrl = `https://cloudresourcemanager.${isMutual ? 'mtls.' : ''}${universeDomain}`
  const url = host ? `http://${host}` : (option ?? defaultUrl)
  const endpoint = parseEndpoint(url)
  if (!isLeft(endpoint)) return { endpoint: endpoint.right, isEmulator: Boolean(host) }
  throw host
    ? new InvalidOption(EMULATOR, 'host:port', host)
    : new InvalidOption('endpoint', endpoint.left, url)
}
