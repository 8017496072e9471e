import { type Either, right } from '../model/either.js'
import { isJsonObject, type JsonObject } from '../model/json.js'
import type { DecodeError, Warning } from '../model/operation.js'
import type { Status } from '../model/status.js'
import { collectionProblem, operationsOf } from './collection-name.js'
import { typeMismatch } from './decoder.js'
import { decodePageWith, type PageMembers } from './page.js'
import type { DecodedOperation, OperationProtocol } from './protocol.js'

/** A protocol of operations that have the member `status` instead of `done`. */
interface StatusProtocol
  extends Pick<
    OperationProtocol,
    'name' | 'requiredFields' | 'usesWait' | 'hasMethod' | 'get' | 'wait' | 'cancel' | 'delete' | 'list'
  > {
  /** The number of the status `DONE`, for servers that send enums as numbers. */
  readonly doneNumber: number
  /** Returns the complete name of a listed operation. `collection` is its collection, or the requested collection. */
  readonly listedName: (body: JsonObject, collection: string) => string | undefined
  /** Returns the error of an operation that is done. */
  readonly failureOf: (body: JsonObject) => Status | undefined
  readonly warningsOf: (body: JsonObject) => readonly Warning[]
  /** Returns the members of a page. `collection` is the requested collection. */
  readonly pageOf: (body: JsonObject, collection: string) => PageMembers
}

/**
 * Returns a protocol for operations that have the member `status`. Only `DONE` is final: an error before it may still
 * change, and an unknown status is running. The metadata is the whole body, and there is no response.
 */
export function statusProtocol(definition: StatusProtocol): OperationProtocol {
  const { doneNumber, listedName, failureOf, warningsOf, pageOf, ...methods } = definition
  const decodeNamed = (
    body: unknown,
    completeName: (body: JsonObject) => string | undefined,
  ): Either<DecodeError, DecodedOperation> => {
    if (!isJsonObject(body)) return typeMismatch('', 'an object', body === '' ? undefined : body)
    const { status, name, targetLink, error } = body
    if (typeof status !== 'string' && typeof status !== 'number')
      return typeMismatch('status', 'a string', status ?? undefined)
    if (name != null && typeof name !== 'string') return typeMismatch('name', 'a string', name)
    if (error != null && !isJsonObject(error)) return typeMismatch('error', 'an object', error)
    const warnings = warningsOf(body)
    const decoded = {
      name: completeName(body),
      metadata: body,
      ...(typeof targetLink === 'string' && targetLink !== '' && { target: targetLink }),
      ...(warnings.length > 0 && { warnings }),
    }
    if (status !== 'DONE' && status !== doneNumber) return right({ _tag: 'Running', ...decoded })
    const failure = failureOf(body)
    return right(
      failure === undefined
        ? { _tag: 'Succeeded', ...decoded, response: undefined }
        : { _tag: 'Failed', ...decoded, status: failure },
    )
  }
  return {
    ...methods,
    // The progress of Compute Engine is 0 until the end. The metrics of GKE can be below their totals at the end.
    hasUsableProgress: false,
    nameProblem: collectionProblem,
    collectionOf: operationsOf,
    decode: (body, requested) =>
      decodeNamed(body, (decoded) =>
        isNamed(decoded, lastSegment(requested)) ? requested : nameInSelfLink(decoded),
      ),
    decodePage: (body, collection) =>
      decodePageWith(
        body,
        (page) => pageOf(page, collection),
        (listed, own = collection) => decodeNamed(listed, (item) => listedName(item, own)),
      ),
    // @google-cloud/compute returns the body of the response as `latestResponse`. The method `sslCerts.insert` of Cloud
    // SQL returns the operation as `operation`, beside the certificate.
    decodeStarted: (value) => {
      const { latestResponse, operation }: JsonObject = isJsonObject(value) ? value : {}
      return decodeNamed([latestResponse, operation].find(isJsonObject) ?? value, nameInSelfLink)
    },
  }
}

/** Returns whether an operation has the last segment of the requested name: its name, or its numeric ID. */
function isNamed({ name, id }: JsonObject, segment: string): boolean {
  return name === segment || (id != null && String(id) === segment)
}

function lastSegment(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1)
}

/**
 * Returns the name of an operation from its `selfLink`, because its `name` is only an ID. The path before the name ends
 * with a version, such as `v1` or `beta`.
 */
export function nameInSelfLink({ selfLink }: JsonObject): string | undefined {
  return typeof selfLink === 'string' ? LINK.exec(selfLink)?.[1] : undefined
}

const LINK = /^https?:\/\/[^/]+\/(?:[a-z]+\/)?(?:v\d\w*|alpha|beta)\/([^?#]+)$/
