import type { Stage } from './timeline.js'

/** The resources of one kind; each comes and goes with the operation that makes it. */
export interface Collection<T> {
  /** Keeps a resource under each of its keys, as far as its operation has come. */
  add(keys: readonly string[], resource: T, stage: () => Stage): void
  /** The resource, once its operation lets it be read. */
  read(key: string): T | undefined
  /** Is the key that of a resource which is being made or is there? A failed operation gives it back. */
  isTaken(key: string): boolean
}

/** An empty collection. */
export function createCollection<T>(): Collection<T> {
  const kept = new Map<string, { resource: T; stage: () => Stage }>()

  function at(key: string, ...stages: readonly Stage[]): T | undefined {
    const found = kept.get(key)
    return found && stages.includes(found.stage()) ? found.resource : undefined
  }

  return {
    add(keys, resource, stage) {
      for (const key of keys) kept.set(key, { resource, stage })
    },
    read: (key) => at(key, 'readable'),
    isTaken: (key) => at(key, 'pending', 'readable') !== undefined,
  }
}
