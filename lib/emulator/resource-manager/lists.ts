import type { JsonObject } from '../../model/json.js'
import { readBoolean } from '../http/format.js'
import { pageOf } from '../http/pagination.js'
import type { EmulatorState } from '../state.js'
import { requireParent } from './fields.js'
import { type FilterOptions, parseFilter } from './filter.js'
import { childrenOf, nestedIn, requireCanonicalName } from './hierarchy.js'
import type { DirectHandler } from './mutation.js'

/** Options of {@link searchHandler}. */
interface SearchOptions extends FilterOptions {
  /** The collection, which is also the member of the response that contains the items. */
  readonly field: string
  readonly format?: (item: JsonObject) => JsonObject
}

/** Returns the handler of a search, or of a list below a resource. The parameters of a POST request are in its body. */
export function searchHandler(options: SearchOptions): DirectHandler {
  const { field, parameter, format } = options
  return (call) => {
    const bodyParameters = Object.entries(call.body).map(([name, value]) => [name, String(value ?? '')])
    const query = { ...call.query, ...Object.fromEntries(bodyParameters) }
    const filter: string = query[parameter] ?? ''
    const isMatch = parseFilter(filter, options)
    const items = call.name === '' ? childrenOf(call.state, field) : nestedIn(call.state, call.name, field)
    const found = items.filter(({ item }) => isMatch(item))
    return pageOf(field, found, query, { scope: `${call.name} ${filter}`, format })
  }
}

/** Returns the handler of a list of the resources under a parent. Folders and projects are sorted by display name. */
export function listHandler(
  field: string,
  parentOf: (state: EmulatorState, query: JsonObject) => string = (state, query) =>
    requireCanonicalName(state, requireParent(query, 'parent')),
  format?: (item: JsonObject) => JsonObject,
): DirectHandler {
  return ({ state, query }) => {
    const parent = parentOf(state, query)
    const showDeleted = readBoolean(query.showDeleted, false)
    const items = childrenOf(state, field, parent).filter(
      ({ item }) => showDeleted || item.state !== 'DELETE_REQUESTED',
    )
    const orderBy = ({ displayName }: JsonObject): string => String(displayName ?? '')
    return pageOf(field, items, query, { scope: `${parent} ${showDeleted}`, orderBy, format })
  }
}
