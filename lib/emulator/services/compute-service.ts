import { STATUS_CODES } from 'node:http'
import { codeNameOf } from '../../model/code.js'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.js'
import { jsonObject } from '../http/json-text.js'
import { type Numbered, pageOf } from '../http/pagination.js'
import type { FrameStatus } from '../script/frame.js'
import type { OperationFacts, ServiceCall, ServiceDefinition } from './service-definition.js'
import { hexOf, idOf, numberOf } from './service-state.js'

/**
 * Compute Engine.
 *
 * Source: the discovery documents of v1, beta and alpha.
 */
export const COMPUTE: ServiceDefinition = {
  path: /^\/(compute\/(?:v1|beta|alpha))\/(.+)$/s,
  batchPath: /^\/batch\/compute\/\w+$/,
  collections: new Set(
    `acceleratorPodControllers acceleratorTypes addresses autoscalers backendBuckets backendServices commitments
    compositeHealthChecks crossSiteNetworks dhcpOptionsConfigs diskSettings diskTypes disks externalVpnGateways
    firewallPolicies firewalls forwardingRules futureReservations globalFrontendSettings haControllers
    healthAggregationPolicies healthCheckServices healthChecks healthSources hosts httpHealthChecks httpsHealthChecks
    imageFamilyViews images instanceGroupManagers instanceGroups instanceSettings instanceTemplates instances
    instantSnapshotGroups instantSnapshots interconnectAttachmentGroups interconnectAttachments interconnectGroups
    interconnectLocations interconnectRemoteLocations interconnects licenseCodes licenses machineImages machineTypes
    multiMigMembers multiMigs networkAttachments networkEdgeSecurityServices networkEndpointGroups networkPolicies
    networkProfiles networks nodeGroups nodeTemplates nodeTypes notificationEndpoints packetMirrorings previewFeatures
    publicAdvertisedPrefixes publicDelegatedPrefixes queuedResources recoverableSnapshots reliabilityRisks
    reservationBlocks reservationSlots reservationSubBlocks reservations resizeRequests resourcePolicies rolloutPlans
    rollouts routers routes securityPolicies serviceAttachments snapshotGroups snapshotSettings snapshots
    sslCertificates sslPolicies storagePoolTypes storagePools subnetworks targetGrpcProxies targetHttpProxies
    targetHttpsProxies targetInstances targetPools targetSslProxies targetTcpProxies targetVpnGateways urlMaps
    vmExtensionPolicies vmExtensionStates vmExtensions vpnGateways vpnTunnels wireGroups`.split(/\s+/),
  ),
  projectMethods: /^(?:disable|enable|move|set)[A-Z]\w+$/,
  scope:
    /^(?:(?:projects|folders|organizations)\/[^/]+\/(?:(?:zones|regions)\/[^/]+|global|aggregated)|locations\/global)\//,
  errorFormat: { legacyErrors: true, omitsStatus: true },
  operationMethods: { 'POST /wait': 'wait', DELETE: 'delete' },
  enums: { status: new Map(Object.entries({ PENDING: 35394935, RUNNING: 121282975, DONE: 2104194 })) },
  createVerb: 'insert',
  // Paths such as `projects/p/setUsageExportBucket` and `projects/p/targetHttpProxies/x/setUrlMap` have no scope.
  canonicalName: (name) =>
    name.replace(
      /^(projects\/[^/]+)\/(?!zones\/|regions\/|global(?:\/|$)|aggregated\/|operations(?:\/|$))/,
      '$1/global/',
    ),
  link: (version, name) => `https://www.googleapis.com/${version}/${name}`,
  operationId: (seed, date) => {
    const hex = hexOf(seed)
    return `operation-${date}-${hex.slice(0, 13)}-${hex.slice(13, 21)}-${hex.slice(21, 29)}`
  },
  operation,
  started: ({ query, link }, target, verb) =>
    jsonObject({
      clientOperationId: query.requestId || undefined,
      operationType: verb,
      targetLink: link(target),
      targetId: numberOf(target),
    }),
  isImmediate: (_, verb) => verb === 'setLabels',
  // The requests for the policies of an organization have no name.
  createdId: (scope, _, seed) => (scope === 'locations/global' ? seed : undefined),
  changes,
  resource,
  page,
}

/** Formats a time with an offset, as Compute Engine does. */
function timeOf(date: number): string {
  return new Date(date - 7 * 3_600_000).toISOString().replace('Z', '-07:00')
}

function operation({ name, id, status, error, insertedAt, endedAt, link }: OperationFacts): JsonObject {
  return jsonObject({
    kind: 'compute#operation',
    id: numberOf(name),
    name: id,
    ...placeOf(name, link),
    status,
    user: 'user@example.com',
    progress: status === 'DONE' ? 100 : 0,
    insertTime: timeOf(insertedAt),
    startTime: status === 'PENDING' ? undefined : timeOf(insertedAt),
    endTime: endedAt === undefined ? undefined : timeOf(endedAt),
    ...(error && errorOf(error)),
    selfLink: link(name),
  })
}

/** Returns the member `zone` or `region` of an object, which is a URL. */
function placeOf(name: string, link: (name: string) => string): JsonObject {
  const [, place, collection] = /^(projects\/[^/]+\/(zones|regions)\/[^/]+)\//.exec(name) ?? []
  return place === undefined ? {} : { [collection === 'zones' ? 'zone' : 'region']: link(place) }
}

/** The HTTP statuses of the canonical codes. Source: google/rpc/code.proto. */
const HTTP_STATUSES = [200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401]

/** Returns the members of a failed operation. The details have no type, but a member with the name of the type. */
function errorOf({ code = 0, message = '', details }: FrameStatus): JsonObject {
  const httpStatus = HTTP_STATUSES[code] ?? 500
  const name = codeNameOf(code)
  const errorDetails = details?.filter(isJsonObject).map(({ '@type': type, metadata, ...rest }) => {
    const typeName = String(type).replace(/^.*\./, '')
    const members = jsonObject({ ...rest, metadatas: metadata })
    return { [typeName.charAt(0).toLowerCase() + typeName.slice(1)]: members }
  })
  return {
    error: { errors: [jsonObject({ code: name, message, errorDetails })] },
    httpErrorStatusCode: httpStatus,
    httpErrorMessage: (STATUS_CODES[httpStatus] ?? '').toUpperCase(),
  }
}

/** A method such as `setLabels` changes the member `labels`, and may have the value of the member as its body. */
function changes(body: JsonObject, verb: string): JsonObject {
  if (verb === 'patch' || verb === 'update') return body
  const [, initial = '', rest] = /^set([A-Z])(\w*)$/.exec(verb) ?? []
  if (rest === undefined) return {}
  const member = initial.toLowerCase() + rest
  const value: Json = body[member] ?? body
  return { [member]: value }
}

function resource({ state, link }: ServiceCall, name: string, collection: string): JsonObject {
  const createdAt = state.date()
  return {
    kind: `compute#${singular(collection)}`,
    id: numberOf(`${name} ${createdAt}`),
    creationTimestamp: timeOf(createdAt),
    name: idOf(name),
    ...placeOf(name, link),
    selfLink: link(name),
  }
}

/** Returns the singular of a collection: `address` for `addresses`, `urlMap` for `urlMaps`. */
function singular(collection: string): string {
  return collection
    .replace(/ies$/, 'ys')
    .replace(/(ss)es$/, '$1s')
    .slice(0, -1)
}

/** Returns a list. In an aggregated list, the items have the form `{SCOPE: {COLLECTION: [...]}}`. */
function page(
  listed: readonly Numbered<JsonObject>[],
  collection: string,
  { name, query, link }: ServiceCall,
): JsonObject {
  const isAggregated = name.includes('/aggregated/')
  const { items = [], nextPageToken } = pageOf(
    'items',
    listed,
    { ...query, pageSize: query.maxResults ?? '' },
    { scope: `${name} ${query.filter}`, defaultSize: 500, maxSize: 500 },
  )
  const scopes = new Map<string, readonly JsonObject[]>()
  for (const item of isAggregated ? (items as readonly JsonObject[]) : []) {
    const scope = /projects\/[^/]+\/(.+)\/[^/]+\/[^/]+$/.exec(String(item.selfLink))?.[1] ?? ''
    scopes.set(scope, [...(scopes.get(scope) ?? []), item])
  }
  const aggregated = [...scopes].map(([scope, members]) => [scope, { [collection]: members }])
  const type = singular(collection)
  return jsonObject({
    kind: `compute#${type}${isAggregated ? 'AggregatedList' : 'List'}`,
    id: name,
    items: isAggregated ? Object.fromEntries(aggregated) : items,
    nextPageToken,
    selfLink: link(name),
  })
}
