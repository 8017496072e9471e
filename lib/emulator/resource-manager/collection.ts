import type { Numbered } from '../http/pagination.js'
import type { Stage } from '../script/timeline.js'

/** Changes a resource; undefined removes it. */
type Change<T> = (resource: T) => T | undefined

/** The resources of an emulator; each change takes effect when its operation succeeds. */
export interface Collection<T> {
  /** Adds a resource under each of its keys, with the stage of its operation. */
  add(keys: readonly string[], resource: T, stage: () => Stage): void
  /** Replaces the resource under a key when the operation succeeds; adds it if the key is unused. */
  put(key: string, resource: T, stage: () => Stage): void
  /** Changes a resource when the operation succeeds; does nothing if it does not exist. */
  change(key: string, change: Change<T>, stage: () => Stage): void
  /** Returns a readable resource with the changes whose operations succeeded. */
  read(key: string): T | undefined
  /** Returns a readable resource as if all running operations on it succeed. */
  readPending(key: string): T | undefined
  /** Returns whether a key belongs to a resource that exists or is being created; a failed operation frees its keys. */
  isTaken(key: string): boolean
  /** Returns all readable resources, sorted by addition. */
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
    return entry?.stage() === 'readable' ? applyChanges(entry, ...stages) : undefined
  }

  return {
    add,
    put(key, resource, stage) {
      const entry = byKey.get(key)
      if (entry?.stage() === 'readable') entry.changes.push({ change: () => resource, stage })
      else add([key], resource, stage)
    },
    change: (key, change, stage) => void byKey.get(key)?.changes.push({ change, stage }),
    read: (key) => readEntry(byKey.get(key), 'readable'),
    readPending: (key) => readEntry(byKey.get(key), 'readable', 'pending'),
    isTaken(key) {
      const entry = byKey.get(key)
      return entry && entry.stage() !== 'failed' ? applyChanges(entry, 'readable') !== undefined : false
    },
    all: () =>
      entries.flatMap((entry) => {
        const item = readEntry(entry, 'readable')
        return item === undefined ? [] : [{ number: entry.number, item }]
      }),
  }
}
