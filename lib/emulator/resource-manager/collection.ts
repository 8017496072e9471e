import type { Numbered } from '../http/pagination.js'
import type { Stage } from '../script/timeline.js'

/** A function that returns the changed resource, or undefined to remove the resource. */
type Change<T> = (resource: T) => T | undefined

interface StoredResource<T> {
  readonly number: number
  readonly resource: T
  readonly currentStage: () => Stage
  readonly changes: { readonly change: Change<T>; readonly currentStage: () => Stage }[]
}

/**
 * The resources of an emulator.
 *
 * The function `currentStage` returns the {@link Stage} of the operation that makes a change. The change takes effect when the
 * stage is `visible`.
 */
export class Collection<T> {
  readonly #parentOf: (resource: T) => unknown
  readonly #resources: StoredResource<T>[] = []
  readonly #byKey = new Map<string, StoredResource<T>>()
  /** For each parent, all resources that are, were or may later be under this parent. `#list` selects the current ones. */
  readonly #byParent = new Map<unknown, Set<StoredResource<T>>>()

  /** Creates an empty collection. `parentOf` returns the parent of a resource. */
  constructor(parentOf: (resource: T) => unknown = () => undefined) {
    this.#parentOf = parentOf
  }

  /**
   * Stores a resource for one or more keys when the operation succeeds. Replaces the visible resource of the first key, if
   * any.
   */
  put(keys: readonly string[], resource: T, currentStage: () => Stage): void {
    const [key = ''] = keys
    if (this.read(key) !== undefined) {
      this.change(key, () => resource, currentStage)
      return
    }
    const stored = { number: this.#resources.length + 1, resource, currentStage, changes: [] }
    this.#resources.push(stored)
    for (const key of keys) this.#byKey.set(key, stored)
    this.#addToParent(stored)
  }

  /** Changes a resource when the operation succeeds. Does nothing if the resource does not exist. */
  change(key: string, change: Change<T>, currentStage: () => Stage): void {
    const stored = this.#byKey.get(key)
    stored?.changes.push({ change, currentStage })
    if (stored) this.#addToParent(stored)
  }

  /** Returns a visible resource with all visible changes; undefined if the key has no visible resource. */
  read(key: string): T | undefined {
    return this.#readVisible(key, 'visible')
  }

  /**
   * Returns a visible resource with all visible and pending changes; undefined if the key has no visible
   * resource.
   */
  readWithPending(key: string): T | undefined {
    return this.#readVisible(key, 'visible', 'pending')
  }

  /** Returns whether a key belongs to a visible or pending resource. A failed operation frees the keys of its resource. */
  isTaken(key: string): boolean {
    const stored = this.#byKey.get(key)
    if (stored === undefined || stored.currentStage() === 'failed') return false
    return applyChanges(stored, 'visible') !== undefined
  }

  /** Returns all visible resources, or those under a parent. */
  all(parent?: string): readonly Numbered<T>[] {
    return this.#list(parent, 'visible')
  }

  /** Returns the visible and pending resources under a parent, with all visible and pending changes. */
  childrenWithPending(parent: string): readonly T[] {
    return this.#list(parent, 'visible', 'pending').map(({ item }) => item)
  }

  #addToParent(stored: StoredResource<T>): void {
    const resource = applyChanges(stored, 'visible', 'pending')
    const parent = resource && this.#parentOf(resource)
    if (parent !== undefined)
      this.#byParent.set(parent, (this.#byParent.get(parent) ?? new Set()).add(stored))
  }

  #readVisible(key: string, ...stages: readonly Stage[]): T | undefined {
    const stored = this.#byKey.get(key)
    return stored?.currentStage() === 'visible' ? applyChanges(stored, ...stages) : undefined
  }

  #list(parent: string | undefined, ...stages: readonly Stage[]): readonly Numbered<T>[] {
    const listed = parent === undefined ? this.#resources : [...(this.#byParent.get(parent) ?? [])]
    return listed.flatMap((stored) => {
      const item = stages.includes(stored.currentStage()) ? applyChanges(stored, ...stages) : undefined
      const isListed = item !== undefined && (parent === undefined || this.#parentOf(item) === parent)
      return isListed ? [{ number: stored.number, item }] : []
    })
  }
}

function applyChanges<T>(
  { resource, changes }: StoredResource<T>,
  ...stages: readonly Stage[]
): T | undefined {
  const applied = changes.filter(({ currentStage }) => stages.includes(currentStage()))
  return applied.reduce<T | undefined>((current, { change }) => current && change(current), resource)
}
