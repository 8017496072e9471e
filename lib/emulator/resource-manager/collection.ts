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
  /** Returns all visible resources, in the order in which they were added. */
  all(): readonly Numbered<T>[]
}

interface StoredResource<T> {
  readonly number: number
  readonly resource: T
  readonly stage: () => Stage
  readonly changes: { readonly change: Change<T>; readonly stage: () => Stage }[]
}

/** Creates an empty collection. */
export function createCollection<T>(): Collection<T> {
  const entries: StoredResource<T>[] = []
  const byKey = new Map<string, StoredResource<T>>()

  function add(keys: readonly string[], resource: T, stage: () => Stage): void {
    const entry = { number: entries.length + 1, resource, stage, changes: [] }
    entries.push(entry)
    for (const key of keys) byKey.set(key, entry)
  }

  function applyChanges(entry: StoredResource<T>, ...stages: readonly Stage[]): T | undefined {
    const { resource, changes } = entry
    const applied = changes.filter(({ stage }) => stages.includes(stage()))
    return applied.reduce<T | undefined>((current, { change }) => current && change(current), resource)
  }

  function readEntry(entry: StoredResource<T> | undefined, ...stages: readonly Stage[]): T | undefined {
    return entry?.stage() === 'visible' ? applyChanges(entry, ...stages) : undefined
  }

  return {
    add,
    put(key, resource, stage) {
      const entry = byKey.get(key)
      if (entry?.stage() === 'visible') entry.changes.push({ change: () => resource, stage })
      else add([key], resource, stage)
    },
    change: (key, change, stage) => void byKey.get(key)?.changes.push({ change, stage }),
    read: (key) => readEntry(byKey.get(key), 'visible'),
    readPending: (key) => readEntry(byKey.get(key), 'visible', 'pending'),
    isTaken(key) {
      const entry = byKey.get(key)
      return entry && entry.stage() !== 'failed' ? applyChanges(entry, 'visible') !== undefined : false
    },
    all: () =>
      entries.flatMap((entry) => {
        const item = readEntry(entry, 'visible')
        return item === undefined ? [] : [{ number: entry.number, item }]
      }),
  }
}
