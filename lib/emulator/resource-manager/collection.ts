import type { Numbered } from '../http/pagination.js'
import type { Stage } from '../script/timeline.js'

/** What an operation makes of a resource; undefined is its removal. */
type Change<T> = (resource: T) => T | undefined

/** The resources of an emulator; each comes, changes and goes with the operations on it. */
export interface Collection<T> {
  /** Keeps a resource under each of its keys, as far as its operation has come. */
  add(keys: readonly string[], resource: T, stage: () => Stage): void
  /** Keeps a resource under its key, instead of what can be read there until its operation has come to that. */
  put(key: string, resource: T, stage: () => Stage): void
  /** Changes a resource, as far as that operation has come; of a key that is not there nothing comes. */
  change(key: string, change: Change<T>, stage: () => Stage): void
  /** The resource, once its operation lets it be read, with the changes whose operations succeeded. */
  read(key: string): T | undefined
  /** The readable resource as it will be when every operation that has begun on it succeeds. */
  readPending(key: string): T | undefined
  /** Is the key that of a resource which is being made or is there? A failed operation gives it back. */
  isTaken(key: string): boolean
  /** All that can be read, in the order in which they were added. */
  all(): readonly Numbered<T>[]
}

interface StoredResource<T> {
  readonly number: number
  readonly resource: T
  readonly stage: () => Stage
  readonly changes: { readonly change: Change<T>; readonly stage: () => Stage }[]
}

/** An empty collection. */
export function createCollection<T>(): Collection<T> {
  const kept: StoredResource<T>[] = []
  const byKey = new Map<string, StoredResource<T>>()

  function changed({ resource, changes }: StoredResource<T>, ...stages: readonly Stage[]): T | undefined {
    const begun = changes.filter(({ stage }) => stages.includes(stage()))
    return begun.reduce<T | undefined>((now, { change }) => now && change(now), resource)
  }

  const readable = (found: StoredResource<T> | undefined): found is StoredResource<T> =>
    found?.stage() === 'readable'

  function add(keys: readonly string[], resource: T, stage: () => Stage): void {
    const entry = { number: kept.length + 1, resource, stage, changes: [] }
    kept.push(entry)
    for (const key of keys) byKey.set(key, entry)
  }

  return {
    add,
    put(key, resource, stage) {
      const found = byKey.get(key)
      if (readable(found)) found.changes.push({ change: () => resource, stage })
      else add([key], resource, stage)
    },
    change: (key, change, stage) => void byKey.get(key)?.changes.push({ change, stage }),
    read(key) {
      const found = byKey.get(key)
      return readable(found) ? changed(found, 'readable') : undefined
    },
    readPending(key) {
      const found = byKey.get(key)
      return readable(found) ? changed(found, 'readable', 'pending') : undefined
    },
    isTaken(key) {
      const found = byKey.get(key)
      return found !== undefined && found.stage() !== 'failed' && changed(found, 'readable') !== undefined
    },
    all: () =>
      kept.filter(readable).flatMap((found) => {
        const item = changed(found, 'readable')
        return item === undefined ? [] : [{ number: found.number, item }]
      }),
  }
}
