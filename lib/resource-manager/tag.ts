import { enumOf, type OpenEnum, string, stringMap, timestamp } from './field.js'
import { type Message, message } from './message.js'

/** The fields that tag keys and tag values have in common. */
export interface TagResource {
  /** The resource name, such as `tagKeys/123` or `tagValues/456`. */
  readonly name: string
  /** The parent: an organization or a project for a tag key, and a tag key such as `tagKeys/123` for a tag value. */
  readonly parent: string
  /** The name within the parent: 1 to 256 characters. */
  readonly shortName: string
  /** The name prefixed with the parent, such as `123/environment` or `123/environment/production`. */
  readonly namespacedName: string
  /** A description of at most 256 characters. */
  readonly description: string
  /** The creation time, in RFC 3339. */
  readonly createTime?: string
  /** The time of the last update, in RFC 3339. */
  readonly updateTime?: string
  /**
   * A checksum of the resource. An update that contains the etag fails if the resource has changed since the etag was
   * read.
   */
  readonly etag: string
}

const TAG_FIELDS = {
  name: string,
  parent: string,
  shortName: string,
  namespacedName: string,
  description: string,
  createTime: timestamp,
  updateTime: timestamp,
  etag: string,
}

/**
 * A tag key, such as `environment`.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/tagKeys.
 */
export interface TagKey extends TagResource {
  /** The policy engine that uses the key. Immutable. */
  readonly purpose: OpenEnum<'PURPOSE_UNSPECIFIED' | 'GCE_FIREWALL' | 'DATA_GOVERNANCE'>
  /** Data for the policy engine, such as the `network` of a firewall. */
  readonly purposeData: Readonly<Record<string, string>>
  /**
   * A regular expression for values that need no `TagValue` resource. If it is empty, only existing tag values are
   * allowed.
   */
  readonly allowedValuesRegex: string
}

/** Decodes {@link TagKey}. */
export const TagKey: Message<'v3.TagKey', TagKey> = message('v3.TagKey', {
  ...TAG_FIELDS,
  purpose: enumOf('PURPOSE_UNSPECIFIED', 'GCE_FIREWALL', 'DATA_GOVERNANCE'),
  purposeData: stringMap,
  allowedValuesRegex: string,
})

/**
 * A tag value, such as `production`.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/tagValues.
 */
export type TagValue = TagResource

/** Decodes {@link TagValue}. */
export const TagValue: Message<'v3.TagValue', TagValue> = message('v3.TagValue', TAG_FIELDS)

/**
 * A tag that is attached to a resource and inherited by its descendants.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/tagBindings.
 */
export interface TagBinding {
  /** The resource name: `tagBindings/{percent-encoded parent}/{tag value or tag key}`. */
  readonly name: string
  /** The full name of the resource, such as `//cloudresourcemanager.googleapis.com/projects/123`. */
  readonly parent: string
  /** The tag value, such as `tagValues/456`. */
  readonly tagValue: string
  /** The namespaced name of the tag value, such as `123/environment/production`. */
  readonly tagValueNamespacedName: string
}

/** Decodes {@link TagBinding}. */
export const TagBinding: Message<'v3.TagBinding', TagBinding> = message('v3.TagBinding', {
  name: string,
  parent: string,
  tagValue: string,
  tagValueNamespacedName: string,
})

/**
 * A record that a tag value is in use by a resource that has no tag binding for it. A tag value with a hold cannot be
 * deleted.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/tagValues.tagHolds.
 */
export interface TagHold {
  /** The resource name, such as `tagValues/123/tagHolds/456`. */
  readonly name: string
  /** The full name of the resource that uses the tag value: less than 200 characters. */
  readonly holder: string
  /** A text that identifies who requested the hold: less than 200 characters. */
  readonly origin: string
  /** A URL with instructions for removing the hold. It is external input: validate it before you open it. */
  readonly helpLink: string
  /** The creation time, in RFC 3339. */
  readonly createTime?: string
}

/** Decodes {@link TagHold}. */
export const TagHold: Message<'v3.TagHold', TagHold> = message('v3.TagHold', {
  name: string,
  holder: string,
  origin: string,
  helpLink: string,
  createTime: timestamp,
})
