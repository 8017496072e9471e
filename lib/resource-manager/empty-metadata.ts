import { right } from '../model/either.js'
import { isJsonObject } from '../model/json.js'
import { decodeError } from './field.js'
import { type Message, message, type NoFields } from './message.js'
import { decodeFields } from './message-fields.js'

/** A message of the v3 API without fields. */
export type EmptyMessage<Name extends string> = Message<`v3.${Name}`, NoFields>

function empty<Name extends string>(name: Name): EmptyMessage<Name> {
  return message(`v3.${name}`, {})
}

/** The metadata of a project update; it has no fields. */
export type UpdateProjectMetadata = NoFields
/** Decodes {@link UpdateProjectMetadata}. */
export const UpdateProjectMetadata: EmptyMessage<'UpdateProjectMetadata'> = empty('UpdateProjectMetadata')

/** The metadata of a project move; it has no fields. */
export type MoveProjectMetadata = NoFields
/** Decodes {@link MoveProjectMetadata}. */
export const MoveProjectMetadata: EmptyMessage<'MoveProjectMetadata'> = empty('MoveProjectMetadata')

/** The metadata of a project deletion; it has no fields. */
export type DeleteProjectMetadata = NoFields
/** Decodes {@link DeleteProjectMetadata}. */
export const DeleteProjectMetadata: EmptyMessage<'DeleteProjectMetadata'> = empty('DeleteProjectMetadata')

/** The metadata of a project undeletion; it has no fields. */
export type UndeleteProjectMetadata = NoFields
/** Decodes {@link UndeleteProjectMetadata}. */
export const UndeleteProjectMetadata: EmptyMessage<'UndeleteProjectMetadata'> =
  empty('UndeleteProjectMetadata')

/** The metadata of a folder update; it has no fields. */
export type UpdateFolderMetadata = NoFields
/** Decodes {@link UpdateFolderMetadata}. */
export const UpdateFolderMetadata: EmptyMessage<'UpdateFolderMetadata'> = empty('UpdateFolderMetadata')

/** The metadata of a folder deletion; it has no fields. */
export type DeleteFolderMetadata = NoFields
/** Decodes {@link DeleteFolderMetadata}. */
export const DeleteFolderMetadata: EmptyMessage<'DeleteFolderMetadata'> = empty('DeleteFolderMetadata')

/** The metadata of a folder undeletion; it has no fields. */
export type UndeleteFolderMetadata = NoFields
/** Decodes {@link UndeleteFolderMetadata}. */
export const UndeleteFolderMetadata: EmptyMessage<'UndeleteFolderMetadata'> = empty('UndeleteFolderMetadata')

/** The metadata of an organization deletion, which no public method starts; it has no fields. */
export type DeleteOrganizationMetadata = NoFields
/** Decodes {@link DeleteOrganizationMetadata}. */
export const DeleteOrganizationMetadata: EmptyMessage<'DeleteOrganizationMetadata'> = empty(
  'DeleteOrganizationMetadata',
)

/** The metadata of an organization undeletion, which no public method starts; it has no fields. */
export type UndeleteOrganizationMetadata = NoFields
/** Decodes {@link UndeleteOrganizationMetadata}. */
export const UndeleteOrganizationMetadata: EmptyMessage<'UndeleteOrganizationMetadata'> = empty(
  'UndeleteOrganizationMetadata',
)

/** The metadata of a tag key creation; it has no fields. */
export type CreateTagKeyMetadata = NoFields
/** Decodes {@link CreateTagKeyMetadata}. */
export const CreateTagKeyMetadata: EmptyMessage<'CreateTagKeyMetadata'> = empty('CreateTagKeyMetadata')

/** The metadata of a tag key update; it has no fields. */
export type UpdateTagKeyMetadata = NoFields
/** Decodes {@link UpdateTagKeyMetadata}. */
export const UpdateTagKeyMetadata: EmptyMessage<'UpdateTagKeyMetadata'> = empty('UpdateTagKeyMetadata')

/** The metadata of a tag key deletion; it has no fields. */
export type DeleteTagKeyMetadata = NoFields
/** Decodes {@link DeleteTagKeyMetadata}. */
export const DeleteTagKeyMetadata: EmptyMessage<'DeleteTagKeyMetadata'> = empty('DeleteTagKeyMetadata')

/** The metadata of a tag value creation; it has no fields. */
export type CreateTagValueMetadata = NoFields
/** Decodes {@link CreateTagValueMetadata}. */
export const CreateTagValueMetadata: EmptyMessage<'CreateTagValueMetadata'> = empty('CreateTagValueMetadata')

/** The metadata of a tag value update; it has no fields. */
export type UpdateTagValueMetadata = NoFields
/** Decodes {@link UpdateTagValueMetadata}. */
export const UpdateTagValueMetadata: EmptyMessage<'UpdateTagValueMetadata'> = empty('UpdateTagValueMetadata')

/** The metadata of a tag value deletion; it has no fields. */
export type DeleteTagValueMetadata = NoFields
/** Decodes {@link DeleteTagValueMetadata}. */
export const DeleteTagValueMetadata: EmptyMessage<'DeleteTagValueMetadata'> = empty('DeleteTagValueMetadata')

/** The metadata of a tag binding creation; it has no fields. */
export type CreateTagBindingMetadata = NoFields
/** Decodes {@link CreateTagBindingMetadata}. */
export const CreateTagBindingMetadata: EmptyMessage<'CreateTagBindingMetadata'> =
  empty('CreateTagBindingMetadata')

/** The metadata of a tag binding deletion; it has no fields. */
export type DeleteTagBindingMetadata = NoFields
/** Decodes {@link DeleteTagBindingMetadata}. */
export const DeleteTagBindingMetadata: EmptyMessage<'DeleteTagBindingMetadata'> =
  empty('DeleteTagBindingMetadata')

/** The metadata of a tag hold creation; it has no fields. */
export type CreateTagHoldMetadata = NoFields
/** Decodes {@link CreateTagHoldMetadata}. */
export const CreateTagHoldMetadata: EmptyMessage<'CreateTagHoldMetadata'> = empty('CreateTagHoldMetadata')

/** The metadata of a tag hold deletion; it has no fields. */
export type DeleteTagHoldMetadata = NoFields
/** Decodes {@link DeleteTagHoldMetadata}. */
export const DeleteTagHoldMetadata: EmptyMessage<'DeleteTagHoldMetadata'> = empty('DeleteTagHoldMetadata')

/** The empty response of a tag binding or tag hold deletion. */
export type Empty = NoFields

const decodeNoFields = decodeFields<NoFields>({})

/**
 * Decodes google.protobuf.Empty. The server may send `{}`, an Any whose `value` is empty, or no value.
 *
 * Source: google/protobuf/empty.proto; https://protobuf.dev/programming-guides/json for the member `value` of an Any.
 */
export const Empty: Message<'Empty', Empty> = message('Empty', {}, 'google.protobuf.Empty', (value) => {
  if (value == null) return right({})
  if (isJsonObject(value) && Object.hasOwn(value, 'value') && !isJsonObject(value.value))
    return decodeError('an empty message', value)
  return decodeNoFields(value)
})
