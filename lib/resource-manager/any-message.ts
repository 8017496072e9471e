import { isLeft, right } from 'fp-ts/lib/Either.js'
import type { Decoder, Json } from '../index.js'
import {
  CreateTagBindingMetadata,
  CreateTagHoldMetadata,
  CreateTagKeyMetadata,
  CreateTagValueMetadata,
  DeleteFolderMetadata,
  DeleteOrganizationMetadata,
  DeleteProjectMetadata,
  DeleteTagBindingMetadata,
  DeleteTagHoldMetadata,
  DeleteTagKeyMetadata,
  DeleteTagValueMetadata,
  Empty,
  MoveProjectMetadata,
  UndeleteFolderMetadata,
  UndeleteOrganizationMetadata,
  UndeleteProjectMetadata,
  UpdateFolderMetadata,
  UpdateProjectMetadata,
  UpdateTagKeyMetadata,
  UpdateTagValueMetadata,
} from './empty-metadata.js'
import { CreateFolderMetadata, Folder, FolderOperation, FolderV2, MoveFolderMetadata } from './folder.js'
import { type Message, nameIn, typeOf } from './message.js'
import { CreateProjectMetadata, Project, ProjectCreationStatus, ProjectV1 } from './project.js'
import { TagBinding, TagHold, TagKey, TagValue } from './tag.js'

/** All messages that this version can read, by their tags. */
export interface Messages {
  readonly Empty: Empty
  readonly 'v1.Project': ProjectV1
  readonly 'v1.ProjectCreationStatus': ProjectCreationStatus
  readonly 'v2.Folder': FolderV2
  readonly 'v2.FolderOperation': FolderOperation
  readonly 'v3.Project': Project
  readonly 'v3.Folder': Folder
  readonly 'v3.TagKey': TagKey
  readonly 'v3.TagValue': TagValue
  readonly 'v3.TagBinding': TagBinding
  readonly 'v3.TagHold': TagHold
  readonly 'v3.CreateProjectMetadata': CreateProjectMetadata
  readonly 'v3.CreateFolderMetadata': CreateFolderMetadata
  readonly 'v3.MoveFolderMetadata': MoveFolderMetadata
  readonly 'v3.UpdateProjectMetadata': UpdateProjectMetadata
  readonly 'v3.MoveProjectMetadata': MoveProjectMetadata
  readonly 'v3.DeleteProjectMetadata': DeleteProjectMetadata
  readonly 'v3.UndeleteProjectMetadata': UndeleteProjectMetadata
  readonly 'v3.UpdateFolderMetadata': UpdateFolderMetadata
  readonly 'v3.DeleteFolderMetadata': DeleteFolderMetadata
  readonly 'v3.UndeleteFolderMetadata': UndeleteFolderMetadata
  readonly 'v3.DeleteOrganizationMetadata': DeleteOrganizationMetadata
  readonly 'v3.UndeleteOrganizationMetadata': UndeleteOrganizationMetadata
  readonly 'v3.CreateTagKeyMetadata': CreateTagKeyMetadata
  readonly 'v3.UpdateTagKeyMetadata': UpdateTagKeyMetadata
  readonly 'v3.DeleteTagKeyMetadata': DeleteTagKeyMetadata
  readonly 'v3.CreateTagValueMetadata': CreateTagValueMetadata
  readonly 'v3.UpdateTagValueMetadata': UpdateTagValueMetadata
  readonly 'v3.DeleteTagValueMetadata': DeleteTagValueMetadata
  readonly 'v3.CreateTagBindingMetadata': CreateTagBindingMetadata
  readonly 'v3.DeleteTagBindingMetadata': DeleteTagBindingMetadata
  readonly 'v3.CreateTagHoldMetadata': CreateTagHoldMetadata
  readonly 'v3.DeleteTagHoldMetadata': DeleteTagHoldMetadata
}

const MESSAGES: { readonly [T in keyof Messages]: Message<T, Messages[T]> } = {
  Empty,
  'v1.Project': ProjectV1,
  'v1.ProjectCreationStatus': ProjectCreationStatus,
  'v2.Folder': FolderV2,
  'v2.FolderOperation': FolderOperation,
  'v3.Project': Project,
  'v3.Folder': Folder,
  'v3.TagKey': TagKey,
  'v3.TagValue': TagValue,
  'v3.TagBinding': TagBinding,
  'v3.TagHold': TagHold,
  'v3.CreateProjectMetadata': CreateProjectMetadata,
  'v3.CreateFolderMetadata': CreateFolderMetadata,
  'v3.MoveFolderMetadata': MoveFolderMetadata,
  'v3.UpdateProjectMetadata': UpdateProjectMetadata,
  'v3.MoveProjectMetadata': MoveProjectMetadata,
  'v3.DeleteProjectMetadata': DeleteProjectMetadata,
  'v3.UndeleteProjectMetadata': UndeleteProjectMetadata,
  'v3.UpdateFolderMetadata': UpdateFolderMetadata,
  'v3.DeleteFolderMetadata': DeleteFolderMetadata,
  'v3.UndeleteFolderMetadata': UndeleteFolderMetadata,
  'v3.DeleteOrganizationMetadata': DeleteOrganizationMetadata,
  'v3.UndeleteOrganizationMetadata': UndeleteOrganizationMetadata,
  'v3.CreateTagKeyMetadata': CreateTagKeyMetadata,
  'v3.UpdateTagKeyMetadata': UpdateTagKeyMetadata,
  'v3.DeleteTagKeyMetadata': DeleteTagKeyMetadata,
  'v3.CreateTagValueMetadata': CreateTagValueMetadata,
  'v3.UpdateTagValueMetadata': UpdateTagValueMetadata,
  'v3.DeleteTagValueMetadata': DeleteTagValueMetadata,
  'v3.CreateTagBindingMetadata': CreateTagBindingMetadata,
  'v3.DeleteTagBindingMetadata': DeleteTagBindingMetadata,
  'v3.CreateTagHoldMetadata': CreateTagHoldMetadata,
  'v3.DeleteTagHoldMetadata': DeleteTagHoldMetadata,
}

/** A message that was read, tagged by version and name. */
export type KnownMessage = {
  readonly [T in keyof Messages]: {
    readonly _tag: T
    /** The `@type` that was sent. */
    readonly type: string
    readonly value: Messages[T]
  }
}[keyof Messages]

/** A message of another type, or one that does not fit its own; `value` is what was sent. */
export interface UnknownMessage {
  readonly _tag: 'UnknownMessage'
  /** The `@type` that was sent, or the empty string. */
  readonly type: string
  readonly value: Json | undefined
  /** Of a known type: where the value does not fit it, and why. */
  readonly decodeError?: string
}

/** A response or metadata that was read by its `@type`. */
export type AnyMessage = KnownMessage | UnknownMessage

const BY_NAME: ReadonlyMap<string | undefined, (typeof MESSAGES)[keyof Messages]> = new Map(
  Object.values(MESSAGES).map((message) => [nameIn(message.type), message]),
)

/**
 * Reads a response or metadata by its `@type`.
 *
 * Nothing is dropped: what has no `@type`, or an unknown one, or does not fit its own, comes back as it was sent, as an
 * {@link UnknownMessage}.
 *
 * Source: google/protobuf/any.proto.
 */
export function decodeAny(value: Json | undefined): AnyMessage {
  const sent = typeOf(value)
  const type = typeof sent === 'string' ? sent : ''
  const message = BY_NAME.get(nameIn(sent))
  if (message === undefined) return { _tag: 'UnknownMessage', type, value }
  const read = message.decode(value)
  return isLeft(read)
    ? { _tag: 'UnknownMessage', type, value, decodeError: read.left }
    : // Each tag stands beside its own message in the table; the compiler sees only that both are of the table.
      ({ _tag: message.tag, type, value: read.right } as KnownMessage)
}

/** {@link decodeAny} as a decoder of responses and metadata; it refuses nothing. */
export const anyMessage: Decoder<AnyMessage> = (value) => right(decodeAny(value as Json | undefined))
