import type { Numbered } from '../http/pagination.js'
import type { Stage } from '../script/timeline.js'

/** Changes a resource; undefined removes it. */
type Change<T> = (resource: T) => T | undefined

/**
 * The resources of an emulator.
 *
 * The parameter `stage` returns the {@link Stage} of the operation that makes a change. The change takes effect when the
 * stage is `visible`.
 */
export interface Collection<T> {
  /** Adds a resource with one or more keys. */
  add(keys: readonly string[], resource: T, stage: () => Stage): void
  /**
   * Stores a resource for a key when the operation succeeds. Replaces the previous resource of the key, if
   * any.
   */
  put(key: string, resource: T, stage: () => Stage): void
  /** Changes a resource when the operation succeeds. Does nothing if the resource does not exist. */
  change(key: string, change: Change<T>, stage: () => Stage): void
  /** Returns a visible resource with all visible changes; undefined if the key has no visible resource. */
  read(key: string): T | undefined
  /**
   * Returns a visible resource with all visible and pending changes; undefined if the key has no visible
   * resource.
   */
  readPending(key: string): T | undefined
  /** Returns whether a key belongs to a visible or pending resource. A failed operation frees the keys of its resource. */
  isTaken(key: string): boolean
  /** Returns all visible resources, or those under a parent. */
  all(parent?: string): readonly Numbered<T>[]
  /** Returns the visible and pending resources under a parent, with all visible and pending changes. */
  allPending(parent: string): readonly T[]
}

interface StoredResource<T> {
  readonly number: number
  readonly resource: T
  readonly stage: () => Stage
  readonly changes: { readonly change: Change<T>; readonly stage: () => Stage }[]
}

/** Creates an empty collection. `parentOf` returns the parent of a resource. */
export function createCollection<T>(parentOf: (resource: T) => unknown = () => undefined): Collection<T> {
  const entries: StoredResource<T>[] = []
  const byKey = new Map<string, StoredResource<T>>()
  // The resources that are, were or will be under a parent.
  const byParent = new Map<unknown, Set<StoredResource<T>>>()

  function add(keys: readonly string[], resource: T, stage: () => Stage): void {
    const entry = { number: entries.length + 1, resource, stage, changes: [] }
    entries.push(entry)
    for (const key of keys) byKey.set(key, entry)
    addToParent(entry)
  }

  function change(entry: StoredResource<T> | undefined, change: Change<T>, stage: () => Stage): void {
    entry?.changes.push({ change, stage })
    if (entry) addToParent(entry)
  }

  function addToParent(entry: StoredResource<T>): void {
    const resource = applyChanges(entry, 'visible', 'pending')
    const parent = resource && parentOf(resource)
    if (parent !== undefined) byParent.set(parent, (byParent.get(parent) ?? new Set()).add(entry))
  }

  function applyChanges(entry: StoredResource<T>, ...stages: readonly Stage[]): T | undefined {
    const { resource, changes } = entry
    const applied = changes.filter(({ stage }) => stages.includes(stage()))
    return applied.reduce<T | undefined>((current, { change }) => current && change(current), resource)
  }

  function readEntry(entry: StoredResource<T> | undefined, ...stages: readonly Stage[]): T | undefined {
    return entry?.stage() === 'visible' ? applyChanges(entry, ...stages) : undefined
  }

  function list(parent: string | undefined, ...stages: readonly Stage[]): readonly Numbered<T>[] {
    const listed = parent === undefined ? entries : [...(byParent.get(parent) ?? [])]
    return listed.flatMap((entry) => {
      const item = stages.includes(entry.stage()) ? applyChanges(entry, ...stages) : undefined
      const isUnder = item !== undefined && (parent === undefined || parentOf(item) === parent)
      return isUnder ? [{ number: entry.number, item }] : []
    })
  }

  return {
    add,
    put(key, resource, stage) {
      const entry = byKey.get(key)
      if (entry?.stage() === 'visible') change(entry, () => resource, stage)
      else add([key], resource, stage)
    },
    change: (key, update, stage) => change(byKey.get(key), update, stage),
    read: (key) => readEntry(byKey.get(key), 'visible'),
    readPending: (key) => readEntry(byKey.get(key), 'visible', 'pending'),
    isTaken(key) {
      const entry = byKey.get(key)
      return entry && entry.stage() !== 'failed' ? applyChanges(entry, 'visible') !== undefined : false
    },
    all: (parent) => list(parent, 'visible'),
    allPending: (parent) => list(parent, 'visible', 'pending').map(({ item }) => item),
  }
}
