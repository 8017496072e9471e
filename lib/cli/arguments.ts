import { readFileSync } from 'node:fs'
import type { ParseArgsConfig, parseArgs } from 'node:util'
import { type ClientCertificate, type ClientOptions, service } from '../index.js'
import { formatValue } from '../messages/format-value.js'
import { SERVICES } from '../names/service-catalog.js'
import { resolveUniverseDomain, usesMutualTls } from '../names/universe.js'
import { errorCode, type ProcessIo } from './process-io.js'
import { UsageError } from './usage-error.js'

type ParsedOptions = NonNullable<ParseArgsConfig['options']>

/** The options of a verb, as `parseArgs` defines them. `values` are the known values, for completion. */
export type OptionDefinitions = Readonly<
  Record<string, ParsedOptions[string] & { readonly values?: readonly string[] }>
>

/** A parsed command line. */
export type CommandLine<O extends OptionDefinitions> = ReturnType<
  typeof parseArgs<{ args: string[]; options: O; allowPositionals: true; strict: true }>
>

/** The values of the options on a command line. */
export type OptionValues<O extends OptionDefinitions> = CommandLine<O>['values']

/** The options for the service, the endpoint and the requests. */
export const CLIENT_ARGUMENTS = {
  service: { type: 'string', values: Object.keys(SERVICES) as readonly string[] },
  location: { type: 'string' },
  endpoint: { type: 'string' },
  'api-version': { type: 'string' },
  'universe-domain': { type: 'string' },
  anonymous: { type: 'boolean' },
  'api-key-file': { type: 'string' },
  'quota-project': { type: 'string' },
  'quota-user': { type: 'string' },
  'client-cert': { type: 'string' },
  'client-key': { type: 'string' },
  proxy: { type: 'string' },
  'no-proxy': { type: 'boolean' },
  header: { type: 'string', multiple: true },
  fields: { type: 'string' },
  xgafv: { type: 'string', values: ['1', '2'] },
} as const

/** The options for the output. */
export const OUTPUT_ARGUMENTS = {
  json: { type: 'boolean' },
  quiet: { type: 'boolean' },
  'no-color': { type: 'boolean' },
} as const

/** The values of {@link CLIENT_ARGUMENTS}. */
export type ClientArguments = OptionValues<typeof CLIENT_ARGUMENTS>

/** The values of {@link OUTPUT_ARGUMENTS}. */
export type OutputArguments = OptionValues<typeof OUTPUT_ARGUMENTS>

/** The help text of {@link CLIENT_ARGUMENTS}. */
export const CLIENT_HELP = `\
Service and endpoint (a full URL contains both):
  --service NAME          the first label of the service host, such as run; by default
                          cloudresourcemanager
  --location L            a location, such as europe-west1, if the service has a host for each location
  --endpoint URL          the endpoint; by default the host of the service. For Resource Manager,
                          CLOUDRESOURCEMANAGER_EMULATOR_HOST can set another default
  --api-version V         the version in the path; by default usually the newest stable version, such as v3
  --universe-domain D     the universe domain; by default GOOGLE_CLOUD_UNIVERSE_DOMAIN, or googleapis.com

Requests:
  --anonymous             send no credentials; by default, Application Default Credentials are sent,
                          such as the file in GOOGLE_APPLICATION_CREDENTIALS
  --api-key-file FILE     a file with an API key, which is sent instead of other credentials
  --quota-project ID      the project for billing and quota
  --quota-user NAME       the user for quota
  --client-cert FILE      a PEM certificate for mutual TLS, with --client-key FILE; requests are then sent
                          to the mTLS host, unless GOOGLE_API_USE_MTLS_ENDPOINT=never
  --proxy URL             the HTTP proxy; by default HTTPS_PROXY or HTTP_PROXY, except for hosts in NO_PROXY
  --no-proxy              send all requests directly
  --header 'NAME: VALUE'  an additional header, which is never printed; can be repeated
  --fields MASK           the fields of an operation to return, such as name,done,error,metadata
  --xgafv 1|2             the format of errors`

/** Returns the help text of {@link OUTPUT_ARGUMENTS}. The parameters name what each option prints. */
export function outputHelp({ json, quiet }: { readonly json: string; readonly quiet: string }): string {
  return `\
Output:
  --json                  print ${json} as one line of JSON
  --quiet                 print only ${quiet}
  --no-color              print without colors`
}

/** Returns the client options for a command line. The library validates them. */
export function clientOptions(values: ClientArguments, env: ProcessIo['env']): ClientOptions {
  const { header } = values
  const resolved = endpointOptions(values, env)
  return {
    ...resolved,
    auth: values.anonymous ? false : undefined,
    apiKey: readApiKey(values),
    quotaProject: values['quota-project'],
    quotaUser: values['quota-user'],
    clientCertificate: readCertificate(values),
    proxy: proxyOf(values),
    headers: { ...resolved.headers, ...(header && parseHeaders(header)) },
    fields: values.fields,
    xgafv: values.xgafv as ClientOptions['xgafv'],
  }
}

const RESOURCE_MANAGER = 'cloudresourcemanager'

function endpointOptions(
  values: ClientArguments,
  env: ProcessIo['env'],
): Pick<ClientOptions, 'service' | 'endpoint' | 'apiVersion' | 'universeDomain' | 'headers'> {
  const { service: serviceName, endpoint, location, 'api-version': apiVersion } = values
  const { 'universe-domain': universeDomain, 'client-cert': certificate } = values
  if (serviceName === undefined && location === undefined) return { universeDomain, endpoint, apiVersion }
  if (serviceName === undefined && endpoint !== undefined)
    throw new UsageError('--location with --endpoint requires --service')
  const serviceOptions = service(serviceName ?? RESOURCE_MANAGER, {
    universeDomain,
    location,
    version: apiVersion,
    // With --endpoint, the host of the service is not used, so a location is not required.
    endpointType: endpoint === undefined ? undefined : 'global',
    mtls:
      endpoint === undefined &&
      usesMutualTls(certificate !== undefined, resolveUniverseDomain(universeDomain)),
  })
  const isResourceManager = serviceOptions.service.name === RESOURCE_MANAGER
  const hasEmulator = isResourceManager && env.CLOUDRESOURCEMANAGER_EMULATOR_HOST
  // A client without an endpoint uses the emulator in the environment variable.
  return { ...serviceOptions, endpoint: endpoint ?? (hasEmulator ? undefined : serviceOptions.endpoint) }
}

function readApiKey({ 'api-key-file': file, anonymous }: ClientArguments): string | undefined {
  if (file !== undefined && anonymous) throw new UsageError('--api-key-file cannot be used with --anonymous')
  return file && readOptionFile('--api-key-file', file, '…').trim()
}

function proxyOf({ proxy, 'no-proxy': isDirect }: ClientArguments): string | false | undefined {
  if (proxy !== undefined && isDirect) throw new UsageError('--proxy cannot be used with --no-proxy')
  return isDirect ? false : proxy
}

function readCertificate(values: ClientArguments): ClientCertificate | undefined {
  const { 'client-cert': cert, 'client-key': key } = values
  if (cert === undefined && key === undefined) return undefined
  if (key === undefined) throw new UsageError('--client-cert requires --client-key')
  if (cert === undefined) throw new UsageError('--client-key requires --client-cert')
  return { cert: readOptionFile('--client-cert', cert), key: readOptionFile('--client-key', key) }
}

/** Reads the file of an option. An error message contains `valueText`, by default the value of the option. */
function readOptionFile(option: string, file: string, valueText?: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (thrown) {
    // Some users pass the contents of the file, which must not appear in a log.
    const shown = valueText ?? formatValue(file.replace(/(?<=^-----BEGIN [^-]*-----).*|\n.*/s, '…'))
    throw new UsageError(`${option} cannot be read: ${shown} (${errorCode(thrown) ?? String(thrown)})`)
  }
}

/** Parses headers of the form `Name: value`. Error messages contain no value, because it may be a secret. */
function parseHeaders(texts: readonly string[]): Readonly<Record<string, string>> {
  const headers = new Map<string, readonly [string, string]>()
  for (const text of texts) {
    const [, name, value] = /^([^:\s]+):\s*(\S.*?)\s*$/s.exec(text) ?? []
    if (name === undefined || value === undefined)
      throw new UsageError("--header must be 'NAME: VALUE' (the invalid value is not shown)")
    if (headers.has(name.toLowerCase())) throw new UsageError(`--header ${name} is given twice`)
    headers.set(name.toLowerCase(), [name, value])
  }
  return Object.fromEntries(headers.values())
}

/** Parses a whole number; throws {@link UsageError} if it is invalid. The library checks the ranges of its options. */
export function parseInteger(option: string, text: string): number {
  if (/^\d+$/.test(text)) return Number(text)
  throw invalidText(option, 'a whole number', text)
}

/** Creates the error for an option whose text does not have the expected form. */
export function invalidText(option: string, expected: string, text: string): UsageError {
  return new UsageError(`${option} must be ${expected}, got ${formatValue(text)}`)
}
