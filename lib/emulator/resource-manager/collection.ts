import type { Numbered } from '../http/pagination.js'
import type { Stage } from '../script/timeline.js'

/** A function that returns the changed resource, or undefined to remove the resource. */
type Change<T> = (resource: T) => T | undefined

/**
 * The resources of an emulator.
 *
 * The function `currentStage` returns the {@link Stage} of the operation that makes a change. The change takes effect when the
 * stage is `visible`.
 */
export interface Collection<T> {
  /** Adds a resource with one or more keys. */
  add(keys: readonly string[], resource: T, currentStage: () => Stage): void
  /**
   * Stores a resource for a key when the operation succeeds. Replaces the previous resource of the key, if
   * any.
   */
  put(key: string, resource: T, currentStage: () => Stage): void
  /** Changes a resource when the operation succeeds. Does nothing if the resource does not exist. */
  change(key: string, change: Change<T>, currentStage: () => Stage): void
  /** Returns a visible resource with all visible changes; undefined if the key has no visible resource. */
  read(key: string): T | undefined
  /**
   * Returns a visible resource with all visible and pending changes; undefined if the key has no visible
   * resource.
   */
  readWithPending(key: string): T | undefined
  /** Returns whether a key belongs to a visible or pending resource. A failed operation frees the keys of its resource. */
  isTaken(key: string): boolean
  /** Returns all visible resources, or those under a parent. */
  all(parent?: string): readonly Numbered<T>[]
  /** Returns the visible and pending resources under a parent, with all visible and pending changes. */
  childrenWithPending(parent: string): readonly T[]
}

interface StoredResource<T> {
  readonly number: number
  readonly resource: T
  readonly currentStage: () => Stage
  readonly changes: { readonly change: Change<T>; readonly currentStage: () => Stage }[]
}

/** Creates an empty collection. `parentOf` returns the parent of a resource. */
export function createCollection<T>(parentOf: (resource: T) => unknown = () => undefined): Collection<T> {
  const storedResources: StoredResource<T>[] = []
  const byKey = new Map<string, StoredResource<T>>()
  // For each parent, all resources that are, were or may later be under this parent. `list` selects the current ones.
  const byParent = new Map<unknown, Set<StoredResource<T>>>()

  function add(keys: readonly string[], resource: T, currentStage: () => Stage): void {
    const stored = { number: storedResources.length + 1, resource, currentStage, changes: [] }
    storedResources.push(stored)
    for (const key of keys) byKey.set(key, stored)
    addToParent(stored)
  }

  function addChange(
    stored: StoredResource<T> | undefined,
    change: Change<T>,
    currentStage: () => Stage,
  ): void {
    stored?.changes.push({ change, currentStage })
    if (stored) addToParent(stored)
  }

  function addToParent(stored: StoredResource<T>): void {
    const resource = applyChanges(stored, 'visible', 'pending')
    const parent = resource && parentOf(resource)
    if (parent !== undefined) byParent.set(parent, (byParent.get(parent) ?? new Set()).add(stored))
  }

  function applyChanges(stored: StoredResource<T>, ...stages: readonly Stage[]): T | undefined {
    const { resource, changes } = stored
    const applied = changes.filter(({ currentStage }) => stages.includes(currentStage()))
    return applied.reduce<T | undefined>((current, { change }) => current && change(current), resource)
  }

  function readVisible(stored: StoredResource<T> | undefined, ...stages: readonly Stage[]): T | undefined {
    return stored?.currentStage() === 'visible' ? applyChanges(stored, ...stages) : undefined
  }

  function list(parent: string | undefined, ...stages: readonly Stage[]): readonly Numbered<T>[] {
    const listed = parent === undefined ? storedResources : [...(byParent.get(parent) ?? [])]
    return listed.flatMap((stored) => {
      const item = stages.includes(stored.currentStage()) ? applyChanges(stored, ...stages) : undefined
      const isListed = item !== undefined && (parent === undefined || parentOf(item) === parent)
      return isListed ? [{ number: stored.number, item }] : []
    })
  }

  return {
    add,
    put(key, resource, currentStage) {
      const stored = byKey.get(key)
      if (stored?.currentStage() === 'visible') addChange(stored, () => resource, currentStage)
      else add([key], resource, currentStage)
    },
    change: (key, update, currentStage) => addChange(byKey.get(key), update, currentStage),
    read: (key) => readVisible(byKey.get(key), 'visible'),
    readWithPending: (key) => readVisible(byKey.get(key), 'visible', 'pending'),
    isTaken(key) {
      const stored = byKey.get(key)
      return stored && stored.currentStage() !== 'failed'
        ? applyChanges(stored, 'visible') !== undefined
        : false
    },
    all: (parent) => list(parent, 'visible'),
    childrenWithPending: (parent) => list(parent, 'visible', 'pending').map(({ item }) => item),
  }
}
