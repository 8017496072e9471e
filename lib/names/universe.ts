import { InvalidOption } from '../messages/invalid-option.js'
import { isLeft } from '../model/either.js'
import { GOOGLE_UNIVERSE, isDomain, parseEndpoint } from './endpoint.js'

/** Source: https://google.aip.dev/auth/4114 for the first, googleapis-common for the second. */
const MTLS = 'GOOGLE_API_USE_MTLS_ENDPOINT'
const UNIVERSE = 'GOOGLE_CLOUD_UNIVERSE_DOMAIN'

/** The universe that was given, or that the environment names, or Google's own; throws {@link InvalidOption}. */
export function resolveUniverseDomain(given: string | undefined): string {
  const universe = given ?? (process.env[UNIVERSE] || GOOGLE_UNIVERSE)
  if (isDomain(universe)) return universe
  throw new InvalidOption('universeDomain', 'a domain such as "googleapis.com"', universe)
}

/** Whether the host for mutual TLS is to be asked, which Google's own universe alone has. */
export function usesMutualTls(hasCertificate: boolean, universe: string): boolean {
  const wish = process.env[MTLS] || 'auto'
  if (wish !== 'always' && wish !== 'auto' && wish !== 'never')
    throw new InvalidOption(MTLS, '"always", "auto" or "never"', wish)
  if (wish === 'always' && universe !== GOOGLE_UNIVERSE)
    throw new InvalidOption(MTLS, `"auto" or "never" outside ${GOOGLE_UNIVERSE}`, wish)
  return wish === 'always' || (wish === 'auto' && hasCertificate && universe === GOOGLE_UNIVERSE)
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
