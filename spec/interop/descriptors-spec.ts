import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { folderOperationErrorFields } from '../../lib/resource-manager/folder.js'
import type { Descriptor, Field, Message, RawDescriptor } from '../../lib/resource-manager/index.js'
import * as resourceManager from '../../lib/resource-manager/index.js'

// Google publishes two descriptions of the API: gRPC protos, and the types of a REST client. The protos have
// exact types, but only for v3, and without the fields that exist only in REST.
interface ProtoField {
  readonly type: string
  readonly rule?: string
  readonly keyType?: string
}
interface ProtoMethod {
  readonly responseType: string
  readonly parsedOptions: readonly Readonly<Record<string, Readonly<Record<string, string>>>>[]
}
interface ProtoNode {
  readonly nested?: Readonly<Record<string, ProtoNode>>
  readonly fields?: Readonly<Record<string, ProtoField>>
  readonly values?: Readonly<Record<string, number>>
  readonly methods?: Readonly<Record<string, ProtoMethod>>
}

const require = createRequire(import.meta.url)
function packageFolder(name: string) {
  return dirname(require.resolve(`${name}/package.json`))
}
const protos: ProtoNode = JSON.parse(
  readFileSync(join(packageFolder('@google-cloud/resource-manager'), 'build/protos/protos.json'), 'utf8'),
)
const v3Package = ['google', 'cloud', 'resourcemanager', 'v3'].reduce<ProtoNode>(
  (node, segment) => node.nested?.[segment] ?? {},
  protos,
)
const V3_PREFIX = 'google.cloud.resourcemanager.v3.'

// The REST types have all fields of v1, v2 and v3, but declare enums, timestamps and int64 as strings.
type Kind = Field<unknown>['kind']
type FieldKinds = Readonly<Record<string, Kind | undefined>>
const versions = ['v1', 'v2', 'v3'] as const
type Version = (typeof versions)[number]

function readBuild(file: string): string {
  return readFileSync(join(packageFolder('@googleapis/cloudresourcemanager'), 'build', file), 'utf8')
}
const restDeclarations = Object.fromEntries(versions.map((v) => [v, readBuild(`${v}.d.ts`)])) as Record<
  Version,
  string
>

function kindOfRestType(type: string): Kind | undefined {
  if (type.startsWith('Schema$')) return 'message'
  if (/^\{\s*\[key: string\]: string;\s*\} \| null$/.test(type)) return 'map'
  return ({ 'string | null': 'string', 'boolean | null': 'bool', 'string[] | null': 'list' } as const)[type]
}

function schemasOf(version: Version): ReadonlyMap<string, FieldKinds> {
  const withoutComments = restDeclarations[version].replace(/\/\*\*[\s\S]*?\*\//g, '')
  const interfaces = withoutComments.matchAll(/export interface Schema\$(\w+) \{\n([\s\S]*?)\n? {4}\}\n/g)
  return new Map(
    [...interfaces].map(([, name = '', body = '']) => {
      const fields = body.matchAll(/^ {8}(\w+)\?: ([^;{]*|\{[^}]*\}[^;]*);/gm)
      return [
        name,
        Object.fromEntries([...fields].map(([, field, type = '']) => [field, kindOfRestType(type)])),
      ]
    }),
  )
}
const schemas = Object.fromEntries(versions.map((v) => [v, schemasOf(v)])) as Record<
  Version,
  ReadonlyMap<string, FieldKinds>
>

function enumValuesOf(message: ProtoNode, type: string) {
  return (message.nested?.[type] ?? v3Package.nested?.[type])?.values
}

function kindOfProtoField(message: ProtoNode, { type, rule, keyType }: ProtoField): Kind | undefined {
  if (keyType !== undefined) return keyType === 'string' && type === 'string' ? 'map' : undefined
  if (rule === 'repeated') return type === 'string' ? 'list' : undefined
  if (type === 'google.protobuf.Timestamp') return 'timestamp'
  if (type === 'string' || type === 'bool' || type === 'int64') return type
  return enumValuesOf(message, type) ? 'enum' : undefined
}

/** Returns the kind that the REST types declare for a field of `kind`. */
function kindInRest(kind: Kind): Kind {
  return /^(?:enum|timestamp|int64)$/.test(kind) ? 'string' : kind
}

function isMessage(value: unknown): value is Message<string, unknown> {
  return typeof value === 'object' && value !== null && '~standard' in value
}
function isDescriptor(value: unknown): value is Descriptor<unknown, unknown> | RawDescriptor {
  return typeof value === 'object' && value !== null && 'methodVersion' in value
}

const messages = Object.values<unknown>(resourceManager).filter(isMessage)
const messageByType = new Map(messages.map((message) => [message.type, message]))
function kindsOf(fields: Readonly<Record<string, Field<unknown>>>) {
  return Object.fromEntries(Object.entries(fields).map(([name, { kind }]) => [name, kind]))
}
function mapValues<A, B>(record: Readonly<Record<string, A>>, f: (value: A) => B) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, f(value)]))
}

/** Enum values in the REST documentation that the published protos do not contain yet. */
const ENUM_VALUES_ONLY_IN_REST: Readonly<Record<string, readonly string[]>> = {
  'v3.TagKey.purpose': ['DATA_GOVERNANCE'],
}
/** Fields in the REST types that the published protos do not contain yet. */
const FIELDS_ONLY_IN_REST: Readonly<Record<string, readonly string[]>> = {
  'v3.Folder': ['configuredCapabilities', 'managementProject', 'tags'],
  'v3.Project': ['configuredCapabilities', 'tags'],
  'v3.TagKey': ['allowedValuesRegex'],
}

describe('descriptors compared with the published types of Google', () => {
  it('should find the published types in the protos and in the REST types', () => {
    expect(Object.keys(v3Package.nested ?? {})).to.include.members([
      'Projects',
      'Folders',
      'TagKeys',
      'TagHold',
    ])
    for (const version of versions) expect(schemas[version].size).to.be.greaterThan(30)
    expect(schemas.v1.get('Project')).to.include({
      parent: 'message',
      labels: 'map',
      projectNumber: 'string',
    })
    expect(schemas.v3.get('UpdateProjectMetadata')).to.deep.equal({})
    expect(messages.length).to.equal(33)
  })

  for (const version of versions)
    it(`should have one descriptor for each method of API version ${version} that returns an operation`, () => {
      const signatures =
        /params\?: Params\$Resource\$([\w$]+), options\?: MethodOptions\): Promise<\w+<Schema\$Operation>>/g
      const published = [...restDeclarations[version].matchAll(signatures)]
        .map(([, name = '']) => name.replaceAll('$', '.').toLowerCase())
        .filter((method) => method !== 'operations.get')
      const ours = resourceManager.descriptors
        .filter(({ methodVersion }) => methodVersion === version)
        .map(({ method }) => method)
      expect(ours.map((method) => method.replace('cloudresourcemanager.', '').toLowerCase())).to.have.members(
        published,
      )
      // The published examples call each method by its ID.
      for (const method of ours) expect(restDeclarations[version]).to.include(`await ${method}(`)
    })

  for (const version of versions)
    it(`should poll operations of methods of ${version} at the API version that the published client uses`, () => {
      const operations = readBuild(`${version}.js`).split('class Resource$Operations')[1] ?? ''
      const pollVersion = /\/(v\d)\/\{\+name\}/.exec(operations)?.[1]
      const apiVersions = resourceManager.descriptors
        .filter(({ methodVersion }) => methodVersion === version)
        .map(({ apiVersion }) => apiVersion)
      expect(new Set(apiVersions)).to.deep.equal(new Set([pollVersion]))
    })

  const typeUrlOf = (type: string) =>
    `type.googleapis.com/${type.includes('.') ? type : `${V3_PREFIX}${type}`}`
  const rpcs = Object.entries(v3Package.nested ?? {}).flatMap(([service, { methods = {} }]) =>
    Object.entries(methods)
      .filter(([, { responseType }]) => responseType === 'google.longrunning.Operation')
      .map(([rpc, method]) => ({ service, rpc, options: Object.assign({}, ...method.parsedOptions) })),
  )

  for (const { service, rpc, options } of rpcs)
    it(`should have the types that the proto option operation_info declares for ${service}.${rpc}`, () => {
      const { metadata_type: metadata, response_type: response } =
        options['(google.longrunning.operation_info)']
      const descriptor = Object.entries(resourceManager).find(
        ([name]) => name.toLowerCase() === rpc.toLowerCase(),
      )?.[1]
      if (!isDescriptor(descriptor) || descriptor.metadata === undefined)
        throw new Error(`${rpc} has no typed descriptor`)
      expect(descriptor).to.include({
        methodVersion: 'v3',
        metadataType: typeUrlOf(metadata),
        responseType: typeUrlOf(response),
      })
      expect(descriptor.metadata.type).to.equal(descriptor.metadataType)
      expect(descriptor.response.type).to.equal(descriptor.responseType)
      const verb = /^[A-Z][a-z]+/.exec(rpc)?.[0].toLowerCase().replace('update', 'patch')
      expect(descriptor.method.toLowerCase()).to.match(new RegExp(`\\b${service.toLowerCase()}\\.${verb}$`))
      const path: string =
        Object.values(options['(google.api.http)'])
          .map(String)
          .find((value) => value.startsWith('/')) ?? ''
      expect(path).to.match(/^\/v3\//)
    })

  it('should have no v3 descriptor for a method that the protos do not declare, except for two methods without public types', () => {
    const rawDescriptors = resourceManager.descriptors.filter(({ metadata }) => metadata === undefined)
    expect(rawDescriptors.map(({ method }) => method)).to.have.members([
      'cloudresourcemanager.folders.capabilities.patch',
      'cloudresourcemanager.locations.tagBindingCollections.patch',
    ])
    const typedCount =
      resourceManager.descriptors.filter(({ methodVersion }) => methodVersion === 'v3').length -
      rawDescriptors.length
    expect(typedCount).to.equal(rpcs.length)
  })

  it('should use only published schemas as types of v1 and v2', () => {
    for (const { methodVersion, metadata, response } of resourceManager.descriptors)
      for (const message of [metadata, response])
        if (message !== undefined && methodVersion !== 'v3') {
          expect(message.tag).to.match(new RegExp(`^${methodVersion}\\.`))
          expect([...schemas[methodVersion].keys()]).to.include(message.tag.slice(3))
        }
  })

  it('should decode every published metadata type', () => {
    const metadata = (names: Iterable<string>) => [...names].filter((name) => /Metadata$/.test(name))
    const published = new Set([
      ...metadata(Object.keys(v3Package.nested ?? {})),
      ...versions.flatMap((version) => metadata(schemas[version].keys())),
    ])
    const ours = messages.map(({ tag }) => tag.replace(/^v\d\./, ''))
    expect(metadata(ours)).to.have.members([...published])
  })

  for (const message of messages) {
    const { tag, fields } = message
    const [version = '', name = tag] = tag.includes('.') ? tag.split('.') : ['v3', tag]
    const restFields = schemas[version as Version].get(name)
    const protoMessage = version === 'v3' ? v3Package.nested?.[name] : undefined

    it(`should decode every field of ${tag}`, () => {
      expect(restFields ?? protoMessage).to.not.equal(undefined)
      if (restFields) expect(mapValues(kindsOf(fields), kindInRest)).to.deep.equal(restFields)
      if (!protoMessage) return
      const restOnlyFields = new Set(FIELDS_ONLY_IN_REST[tag])
      const ours = Object.entries(kindsOf(fields)).filter(([field]) => !restOnlyFields.has(field))
      expect(Object.fromEntries(ours)).to.deep.equal(
        mapValues(protoMessage.fields ?? {}, (field) => kindOfProtoField(protoMessage, field)),
      )
    })

    for (const [field, { kind, names: valueNames = [], fields: innerFields = {} }] of Object.entries<
      Field<unknown>
    >(fields)) {
      if (kind === 'message')
        it(`should decode every field of ${tag}.${field}`, () => {
          const body = new RegExp(`interface Schema\\$${name} \\{[\\s\\S]*? ${field}\\?: Schema\\$(\\w+);`)
          const schema = body.exec(restDeclarations[version as Version])?.[1] ?? ''
          expect(mapValues(kindsOf(innerFields), kindInRest)).to.deep.equal(
            schemas[version as Version].get(schema),
          )
        })

      if (kind === 'enum' && protoMessage)
        it(`should have the published numbers for the values of ${tag}.${field}`, () => {
          const onlyInRest = ENUM_VALUES_ONLY_IN_REST[`${tag}.${field}`] ?? []
          const ours = valueNames.map((value, number) => [value, number] as const)
          const published = enumValuesOf(protoMessage, protoMessage.fields?.[field]?.type ?? '')
          expect(Object.fromEntries(ours.filter(([value]) => !onlyInRest.includes(value)))).to.deep.equal(
            published,
          )
          expect(valueNames).to.include.members([...onlyInRest])
        })
    }
  }

  it('should have a type URL that matches the version and the name of each message', () => {
    for (const { tag, type } of messages) {
      const [version, name] = tag.split('.')
      const prefixes = {
        v1: 'google.cloudresourcemanager.v1.',
        v2: 'google.cloud.resourcemanager.v2.',
        v3: V3_PREFIX,
      }
      const fullName = name === undefined ? 'google.protobuf.Empty' : `${prefixes[version as Version]}${name}`
      expect(type).to.equal(`type.googleapis.com/${fullName}`)
    }
    expect(messageByType.size).to.equal(messages.length)
  })

  it('should decode every field of FolderOperationError', () => {
    const ours = mapValues(kindsOf(folderOperationErrorFields), kindInRest)
    for (const version of versions) expect(ours).to.deep.equal(schemas[version].get('FolderOperationError'))
  })
})
