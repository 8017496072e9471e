import { readFileSync } from 'node:fs'
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { type ClientCertificate, type ClientOptions, service } from '../index.js'
import type { ProcessIo } from './process-io.js'

/** The options that say whom to ask, and how. */
export const CLIENT_ARGUMENTS = {
  service: { type: 'string' },
  location: { type: 'string' },
  endpoint: { type: 'string' },
  'api-version': { type: 'string' },
  'universe-domain': { type: 'string' },
  anonymous: { type: 'boolean' },
  'quota-project': { type: 'string' },
  'quota-user': { type: 'string' },
  'client-cert': { type: 'string' },
  'client-key': { type: 'string' },
  header: { type: 'string', multiple: true },
  fields: { type: 'string' },
  xgafv: { type: 'string' },
} as const

/** The options that say what to print. */
export const OUTPUT_ARGUMENTS = {
  json: { type: 'boolean' },
  quiet: { type: 'boolean' },
  'no-color': { type: 'boolean' },
} as const

/** What was given of {@link CLIENT_ARGUMENTS}. */
export interface ClientArguments {
  readonly service?: string | undefined
  readonly location?: string | undefined
  readonly endpoint?: string | undefined
  readonly 'api-version'?: string | undefined
  readonly 'universe-domain'?: string | undefined
  readonly anonymous?: boolean | undefined
  readonly 'quota-project'?: string | undefined
  readonly 'quota-user'?: string | undefined
  readonly 'client-cert'?: string | undefined
  readonly 'client-key'?: string | undefined
  readonly header?: readonly string[] | undefined
  readonly fields?: string | undefined
  readonly xgafv?: string | undefined
  /** Of the verbs that have them; the URL may hold a password. */
  readonly redis?: string | undefined
  readonly queue?: string | undefined
}

/** What was given, as the library takes it; the library checks it. */
export function clientOptions(given: ClientArguments, env: ProcessIo['env']): ClientOptions {
  const { anonymous, fields, xgafv, header, 'quota-project': quotaProject, 'quota-user': quotaUser } = given
  const clientCertificate = certificateOf(given)
  return {
    ...endpointOptions(given, env),
    ...(anonymous && { auth: false }),
    ...(quotaProject !== undefined && { quotaProject }),
    ...(quotaUser !== undefined && { quotaUser }),
    ...(clientCertificate !== undefined && { clientCertificate }),
    ...(header !== undefined && { headers: parseHeaders(header) }),
    ...(fields !== undefined && { fields }),
    ...(xgafv !== undefined && { xgafv: xgafv as '1' | '2' }),
  }
}

/** Their part of a help text. */
export const CLIENT_HELP = `\
Whom to ask; a full URL says it by itself:
  --service NAME          by the first label of its host, such as run; by default cloudresourcemanager
  --location L            such as europe-west1: the host of a location, where the service has such
  --endpoint URL          another host; by default that of the service, or for Resource Manager the
                          emulator that CLOUDRESOURCEMANAGER_EMULATOR_HOST names
  --api-version V         the version in the path; by default the newest stable one, here v3
  --universe-domain D     the cloud; by default GOOGLE_CLOUD_UNIVERSE_DOMAIN, or googleapis.com

How to ask:
  --anonymous             without credentials; by default Application Default Credentials, which
                          GOOGLE_APPLICATION_CREDENTIALS may name
  --quota-project ID      the project that is billed and whose quota is used
  --quota-user NAME       the user to count quota for
  --client-cert FILE      a certificate for mutual TLS, PEM, with its --client-key FILE; then the host for
                          that is asked, unless GOOGLE_API_USE_MTLS_ENDPOINT is never
  --header 'NAME: VALUE'  a further header, never printed; may be given again for another
  --fields MASK           what to be told of an operation, such as name,done,error,metadata
  --xgafv 1|2             the format of errors`

/** Their part of a help text. */
export const OUTPUT_HELP = `\
What to print:
  --json                  each snapshot as one line of JSON
  --quiet                 how it ended and nothing else
  --no-color              without colours`

type Options = NonNullable<ParseArgsConfig['options']>

/** What a command line holds: its options by name, and the rest in order. */
export type Arguments<O extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; options: O; allowPositionals: true; strict: true }>
>

/** Reads a command line; throws {@link UsageError} for an option that is unknown, or has a value too many or too few. */
export function readArguments<const O extends Options>(argv: readonly string[], options: O): Arguments<O> {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true })
  } catch (thrown) {
    if (!isRefusal(thrown)) throw thrown
    throw new UsageError(inOneLine(thrown.message))
  }
}

function isRefusal(thrown: unknown): thrown is Error {
  return thrown instanceof Error && 'code' in thrown && String(thrown.code).startsWith('ERR_PARSE_ARGS_')
}

/** Of several sentences of Node the first alone, begun small. */
function inOneLine(message: string): string {
  const [first = ''] = message.split(/\. To specify|\.?\n/)
  return `${first.charAt(0).toLowerCase()}${first.slice(1)}`
}

/** The files of a certificate and its key. */
export interface CertificateFiles {
  readonly 'client-cert'?: string | undefined
  readonly 'client-key'?: string | undefined
}

/** Reads the certificate that was given, if one was; throws {@link UsageError} where a file is missing. */
export function certificateOf(given: CertificateFiles): ClientCertificate | undefined {
  const { 'client-cert': cert, 'client-key': key } = given
  if (cert === undefined && key === undefined) return undefined
  if (key === undefined) throw new UsageError('--client-cert needs a --client-key')
  if (cert === undefined) throw new UsageError('--client-key needs a --client-cert')
  return { cert: contentOf('--client-cert', cert), key: contentOf('--client-key', key) }
}

function contentOf(option: string, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown)
    throw new UsageError(`${option} cannot be read: ${JSON.stringify(file)} (${code})`)
  }
}

/** Reads headers written as `Name: value`. What was given may be a secret, so that no message repeats it. */
export function parseHeaders(given: readonly string[]): Readonly<Record<string, string>> {
  const headers = new Map<string, readonly [string, string]>()
  for (const text of given) {
    const [, name, value] = /^([^:\s]+):\s*(\S.*?)\s*$/s.exec(text) ?? []
    if (name === undefined || value === undefined)
      throw new UsageError("--header must be 'NAME: VALUE', which that given is not")
    if (headers.has(name.toLowerCase())) throw new UsageError(`--header ${name} is given twice`)
    headers.set(name.toLowerCase(), [name, value])
  }
  return Object.fromEntries(headers.values())
}

/** Whom to ask, as the command line says it. */
export interface EndpointArguments {
  readonly service?: string | undefined
  readonly location?: string | undefined
  readonly endpoint?: string | undefined
  readonly 'api-version'?: string | undefined
  readonly 'universe-domain'?: string | undefined
  readonly 'client-cert'?: string | undefined
}

/** The options of a client that say whom it asks. */
export type EndpointOptions = Pick<ClientOptions, 'service' | 'endpoint' | 'apiVersion' | 'universeDomain'>

/** The service that is meant where none is named. */
export const RESOURCE_MANAGER = 'cloudresourcemanager'

/** Whom to ask, as the library takes it; throws {@link UsageError}, and `InvalidOption` for what the library refuses. */
export function endpointOptions(given: EndpointArguments, env: ProcessIo['env']): EndpointOptions {
  const { endpoint, location, 'api-version': version } = given
  const universeDomain = given['universe-domain'] ?? (env.GOOGLE_CLOUD_UNIVERSE_DOMAIN || undefined)
  const cloud = { ...(universeDomain !== undefined && { universeDomain }) }
  if (given.service === undefined && location === undefined)
    return {
      ...cloud,
      ...(endpoint !== undefined && { endpoint }),
      ...(version !== undefined && { apiVersion: version }),
    }
  if (given.service === undefined && endpoint !== undefined)
    throw new UsageError('--location needs a --service beside --endpoint')
  const known = service(given.service ?? RESOURCE_MANAGER, {
    ...cloud,
    location,
    version,
    // The host does not matter where another one is named, and so need not be known.
    ...(endpoint !== undefined && { endpointType: 'global' }),
    mtls: universeDomain === undefined && isMutual(given, env),
  })
  const isEmulated = known.service.name === RESOURCE_MANAGER && env.CLOUDRESOURCEMANAGER_EMULATOR_HOST
  const { endpoint: host, ...rest } = known
  return endpoint === undefined && isEmulated ? rest : { ...rest, endpoint: endpoint ?? host }
}

/** Source: https://google.aip.dev/auth/4114. */
function isMutual(
  given: EndpointArguments,
  { GOOGLE_API_USE_MTLS_ENDPOINT: wish }: ProcessIo['env'],
): boolean {
  return wish === 'always' || (wish !== 'never' && given['client-cert'] !== undefined)
}

/** The command line was wrong; the message is one line for the person who wrote it. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError'
}

/** Tells it by its name, for a loader may have made the class more than once. */
export function isUsageError(thrown: unknown): thrown is UsageError {
  return thrown instanceof Error && thrown.name === 'UsageError'
}
