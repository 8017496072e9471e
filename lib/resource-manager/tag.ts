import { type OpenEnum, oneOf, text, textMap, timestamp } from './field.js'
import { type Message, message } from './message.js'

/**
 * The key of a tag, such as `environment`.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/tagKeys.
 */
export interface TagKey {
  /** The resource name, such as `tagKeys/123`. */
  readonly name: string
  /** Whose key it is: `organizations/123`, `projects/my-project` or `projects/456`. */
  readonly parent: string
  /** The name within its parent: 1 to 256 characters. */
  readonly shortName: string
  /** The name with its parent's, such as `123/environment`. */
  readonly namespacedName: string
  /** In words: at most 256 characters. */
  readonly description: string
  /** When it was created, in RFC 3339. */
  readonly createTime?: string
  /** When it was last changed, in RFC 3339. */
  readonly updateTime?: string
  /** A checksum of its value, to send along with a change so that nobody else's is lost. */
  readonly etag: string
  /** The policy engine that it is for, if it is for one; it never changes. */
  readonly purpose: OpenEnum<'PURPOSE_UNSPECIFIED' | 'GCE_FIREWALL' | 'DATA_GOVERNANCE'>
  /** What that engine needs, such as `network` to the network of a firewall. */
  readonly purposeData: Readonly<Record<string, string>>
  /** What values that nobody listed have to match; empty where only listed values may be used. */
  readonly allowedValuesRegex: string
}

/** Reads a {@link TagKey}. */
export const TagKey: Message<'v3.TagKey', TagKey> = message('v3', 'TagKey', {
  name: text,
  parent: text,
  shortName: text,
  namespacedName: text,
  description: text,
  createTime: timestamp,
  updateTime: timestamp,
  etag: text,
  purpose: oneOf('PURPOSE_UNSPECIFIED', 'GCE_FIREWALL', 'DATA_GOVERNANCE'),
  purposeData: textMap,
  allowedValuesRegex: text,
})

/**
 * A value that the key of a tag may have, such as `production`.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/tagValues.
 */
export interface TagValue {
  /** The resource name, such as `tagValues/456`. */
  readonly name: string
  /** Its key, such as `tagKeys/123`. */
  readonly parent: string
  /** The name within its key: 1 to 256 characters. */
  readonly shortName: string
  /** The name with those of its key and its key's parent, such as `123/environment/production`. */
  readonly namespacedName: string
  /** In words: at most 256 characters. */
  readonly description: string
  /** When it was created, in RFC 3339. */
  readonly createTime?: string
  /** When it was last changed, in RFC 3339. */
  readonly updateTime?: string
  /** A checksum of its value, to send along with a change so that nobody else's is lost. */
  readonly etag: string
}

/** Reads a {@link TagValue}. */
export const TagValue: Message<'v3.TagValue', TagValue> = message('v3', 'TagValue', {
  name: text,
  parent: text,
  shortName: text,
  namespacedName: text,
  description: text,
  createTime: timestamp,
  updateTime: timestamp,
  etag: text,
})

/**
 * A tag on a resource, and so on all that lies in it.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/tagBindings.
 */
export interface TagBinding {
  /** The resource name: `tagBindings/`, the percent-encoded `parent`, and the tag's value or key. */
  readonly name: string
  /** The full name of the resource, such as `//cloudresourcemanager.googleapis.com/projects/123`. */
  readonly parent: string
  /** The tag's value, such as `tagValues/456`. */
  readonly tagValue: string
  /** The same by name, such as `123/environment/production`. */
  readonly tagValueNamespacedName: string
}

/** Reads a {@link TagBinding}. */
export const TagBinding: Message<'v3.TagBinding', TagBinding> = message('v3', 'TagBinding', {
  name: text,
  parent: text,
  tagValue: text,
  tagValueNamespacedName: text,
})

/**
 * A use of a tag's value outside of tag bindings; while there is one, the value cannot be deleted.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/tagValues.tagHolds.
 */
export interface TagHold {
  /** The resource name, such as `tagValues/123/tagHolds/456`. */
  readonly name: string
  /** The full name of the resource that uses the value: under 200 characters. */
  readonly holder: string
  /** Who asked for the hold, in words: under 200 characters. */
  readonly origin: string
  /** Where people can read how to remove it: a URL, the server's, so look before you follow it. */
  readonly helpLink: string
  /** When it was created, in RFC 3339. */
  readonly createTime?: string
}

/** Reads a {@link TagHold}. */
export const TagHold: Message<'v3.TagHold', TagHold> = message('v3', 'TagHold', {
  name: text,
  holder: text,
  origin: text,
  helpLink: text,
  createTime: timestamp,
})
