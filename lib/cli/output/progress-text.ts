import { type Json, type JsonObject, progressFraction } from '../../index.js'
import { isJsonObject } from '../../model/json.js'
import { truncate } from './terminal-text.js'

/** Resource Manager: the steps of a project creation, last step first. */
const STEP_FIELDS = ['ready', 'gettable']
const MAX_FIELDS = 3
const MAX_VALUE_COLUMNS = 40

/**
 * Formats the progress in the metadata as a percentage, a step or a state. Without progress, formats the
 * first fields.
 */
export function progressText(metadata: unknown): string {
  if (!isJsonObject(metadata)) return ''
  const fraction = progressFraction(metadata)
  if (fraction !== undefined) return `${Number((100 * fraction).toFixed(1))} %`
  return STEP_FIELDS.find((step) => metadata[step] === true) ?? stateIn(metadata) ?? firstFields(metadata)
}

/**
 * Returns the state of an operation. Dataproc and Cloud Build nest the state in a member of the metadata. GKE and Cloud SQL
 * have a `status`.
 */
function stateIn({ status, build, operationState, state }: JsonObject): string | undefined {
  const states = [
    isJsonObject(status) ? status.state : status,
    isJsonObject(build) ? build.status : undefined,
    operationState,
    state,
  ]
  return states.find((value): value is string => typeof value === 'string' && value !== '')
}

function firstFields(metadata: JsonObject): string {
  return Object.entries(metadata)
    .filter(([key, value]) => isInformative(key, value))
    .slice(0, MAX_FIELDS)
    .map(([key, value]) => `${key}: ${truncate(String(value), MAX_VALUE_COLUMNS)}`)
    .join(', ')
}

// Times are omitted, because every service returns them and they show no progress.
function isInformative(key: string, value: Json): boolean {
  return key !== '@type' && !/time$/i.test(key) && value !== '' && value !== null && typeof value !== 'object'
}
