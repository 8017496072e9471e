import { right } from 'fp-ts/lib/Either.js'
import { isObject, readFields, refused } from './field.js'
import { type Message, message, messageOf, type NoFields } from './message.js'

/** What comes with the update of a project: no fields. */
export type UpdateProjectMetadata = NoFields
/** Reads {@link UpdateProjectMetadata}. */
export const UpdateProjectMetadata: Message<'v3.UpdateProjectMetadata', UpdateProjectMetadata> = message(
  'v3',
  'UpdateProjectMetadata',
  {},
)

/** What comes with the move of a project: no fields. */
export type MoveProjectMetadata = NoFields
/** Reads {@link MoveProjectMetadata}. */
export const MoveProjectMetadata: Message<'v3.MoveProjectMetadata', MoveProjectMetadata> = message(
  'v3',
  'MoveProjectMetadata',
  {},
)

/** What comes with the deletion of a project: no fields. */
export type DeleteProjectMetadata = NoFields
/** Reads {@link DeleteProjectMetadata}. */
export const DeleteProjectMetadata: Message<'v3.DeleteProjectMetadata', DeleteProjectMetadata> = message(
  'v3',
  'DeleteProjectMetadata',
  {},
)

/** What comes with the undeletion of a project: no fields. */
export type UndeleteProjectMetadata = NoFields
/** Reads {@link UndeleteProjectMetadata}. */
export const UndeleteProjectMetadata: Message<'v3.UndeleteProjectMetadata', UndeleteProjectMetadata> =
  message('v3', 'UndeleteProjectMetadata', {})

/** What comes with the update of a folder: no fields. */
export type UpdateFolderMetadata = NoFields
/** Reads {@link UpdateFolderMetadata}. */
export const UpdateFolderMetadata: Message<'v3.UpdateFolderMetadata', UpdateFolderMetadata> = message(
  'v3',
  'UpdateFolderMetadata',
  {},
)

/** What comes with the deletion of a folder: no fields. */
export type DeleteFolderMetadata = NoFields
/** Reads {@link DeleteFolderMetadata}. */
export const DeleteFolderMetadata: Message<'v3.DeleteFolderMetadata', DeleteFolderMetadata> = message(
  'v3',
  'DeleteFolderMetadata',
  {},
)

/** What comes with the undeletion of a folder: no fields. */
export type UndeleteFolderMetadata = NoFields
/** Reads {@link UndeleteFolderMetadata}. */
export const UndeleteFolderMetadata: Message<'v3.UndeleteFolderMetadata', UndeleteFolderMetadata> = message(
  'v3',
  'UndeleteFolderMetadata',
  {},
)

/** What comes with the deletion of an organization, which no public method starts: no fields. */
export type DeleteOrganizationMetadata = NoFields
/** Reads {@link DeleteOrganizationMetadata}. */
export const DeleteOrganizationMetadata: Message<
  'v3.DeleteOrganizationMetadata',
  DeleteOrganizationMetadata
> = message('v3', 'DeleteOrganizationMetadata', {})

/** What comes with the undeletion of an organization, which no public method starts: no fields. */
export type UndeleteOrganizationMetadata = NoFields
/** Reads {@link UndeleteOrganizationMetadata}. */
export const UndeleteOrganizationMetadata: Message<
  'v3.UndeleteOrganizationMetadata',
  UndeleteOrganizationMetadata
> = message('v3', 'UndeleteOrganizationMetadata', {})

/** What comes with the creation of a tag key: no fields. */
export type CreateTagKeyMetadata = NoFields
/** Reads {@link CreateTagKeyMetadata}. */
export const CreateTagKeyMetadata: Message<'v3.CreateTagKeyMetadata', CreateTagKeyMetadata> = message(
  'v3',
  'CreateTagKeyMetadata',
  {},
)

/** What comes with the update of a tag key: no fields. */
export type UpdateTagKeyMetadata = NoFields
/** Reads {@link UpdateTagKeyMetadata}. */
export const UpdateTagKeyMetadata: Message<'v3.UpdateTagKeyMetadata', UpdateTagKeyMetadata> = message(
  'v3',
  'UpdateTagKeyMetadata',
  {},
)

/** What comes with the deletion of a tag key: no fields. */
export type DeleteTagKeyMetadata = NoFields
/** Reads {@link DeleteTagKeyMetadata}. */
export const DeleteTagKeyMetadata: Message<'v3.DeleteTagKeyMetadata', DeleteTagKeyMetadata> = message(
  'v3',
  'DeleteTagKeyMetadata',
  {},
)

/** What comes with the creation of a tag value: no fields. */
export type CreateTagValueMetadata = NoFields
/** Reads {@link CreateTagValueMetadata}. */
export const CreateTagValueMetadata: Message<'v3.CreateTagValueMetadata', CreateTagValueMetadata> = message(
  'v3',
  'CreateTagValueMetadata',
  {},
)

/** What comes with the update of a tag value: no fields. */
export type UpdateTagValueMetadata = NoFields
/** Reads {@link UpdateTagValueMetadata}. */
export const UpdateTagValueMetadata: Message<'v3.UpdateTagValueMetadata', UpdateTagValueMetadata> = message(
  'v3',
  'UpdateTagValueMetadata',
  {},
)

/** What comes with the deletion of a tag value: no fields. */
export type DeleteTagValueMetadata = NoFields
/** Reads {@link DeleteTagValueMetadata}. */
export const DeleteTagValueMetadata: Message<'v3.DeleteTagValueMetadata', DeleteTagValueMetadata> = message(
  'v3',
  'DeleteTagValueMetadata',
  {},
)

/** What comes with the creation of a tag binding: no fields. */
export type CreateTagBindingMetadata = NoFields
/** Reads {@link CreateTagBindingMetadata}. */
export const CreateTagBindingMetadata: Message<'v3.CreateTagBindingMetadata', CreateTagBindingMetadata> =
  message('v3', 'CreateTagBindingMetadata', {})

/** What comes with the deletion of a tag binding: no fields. */
export type DeleteTagBindingMetadata = NoFields
/** Reads {@link DeleteTagBindingMetadata}. */
export const DeleteTagBindingMetadata: Message<'v3.DeleteTagBindingMetadata', DeleteTagBindingMetadata> =
  message('v3', 'DeleteTagBindingMetadata', {})

/** What comes with the creation of a tag hold: no fields. */
export type CreateTagHoldMetadata = NoFields
/** Reads {@link CreateTagHoldMetadata}. */
export const CreateTagHoldMetadata: Message<'v3.CreateTagHoldMetadata', CreateTagHoldMetadata> = message(
  'v3',
  'CreateTagHoldMetadata',
  {},
)

/** What comes with the deletion of a tag hold: no fields. */
export type DeleteTagHoldMetadata = NoFields
/** Reads {@link DeleteTagHoldMetadata}. */
export const DeleteTagHoldMetadata: Message<'v3.DeleteTagHoldMetadata', DeleteTagHoldMetadata> = message(
  'v3',
  'DeleteTagHoldMetadata',
  {},
)

/** Nothing, as the deletion of a tag binding or a tag hold answers. */
export type Empty = NoFields

const readAny = readFields<NoFields>({})

/**
 * Reads google.protobuf.Empty, which comes as `{}`, with an empty `value`, or not at all.
 *
 * Source: google/protobuf/empty.proto; https://protobuf.dev/programming-guides/json, for the `value` within an Any.
 */
export const Empty: Message<'Empty', Empty> = messageOf('Empty', 'google.protobuf.Empty', {}, (value) => {
  if (value == null) return right({})
  if (isObject(value) && Object.hasOwn(value, 'value') && !isObject(value.value))
    return refused('an empty message', value)
  return readAny(value)
})
