const COLLECTION_SEGMENT = /^(?:operations|[a-z][A-Za-z]*Operations)$/

/**
 * Returns the reason why a path is not the name of an operation, or undefined if it is valid. A name has a segment
 * `operations` or `xOperations`, and at least one segment after it.
 */
export function collectionProblem(name: string): string | undefined {
  const segments = name.split('/')
  const collectionIndex = segments.findIndex((segment) => COLLECTION_SEGMENT.test(segment))
  // Only an ID, such as `cp.1`, is repeated: other characters may be a part of a secret that the message redacts.
  if (collectionIndex === -1)
    return `it has no segment "operations"${/^[\w.-]{1,80}$/.test(name) ? `, as in "operations/${name}"` : ''}`
  return collectionIndex === segments.length - 1 ? `it has no segment after "${segments.at(-1)}"` : undefined
}

/** Returns the name of the collection of a parent, such as `projects/p/operations`. A collection is returned unchanged. */
export function operationsOf(parent: string): string {
  const isCollection = COLLECTION_SEGMENT.test(parent.slice(parent.lastIndexOf('/') + 1))
  return isCollection ? parent : `${parent}${parent && '/'}operations`
}
