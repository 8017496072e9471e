import type { Json, JsonObject } from '../../index.js'
import { isJsonObject } from '../../model/json.js'

const PERCENT_FIELDS = ['progressPercent', 'progressPercentage', 'progress']
/**
 * Spanner, Bigtable and Video Intelligence: an object with a percentage, or one such object for each step in
 * a list.
 */
const PART_FIELDS = ['progress', 'annotationProgress']
/** Firestore and Datastore: an object with the completed and the estimated work. */
const WORK_FIELDS = ['progressDocuments', 'progressEntities', 'progressBytes']
/** Resource Manager: the steps of a project creation, last step first. */
const STEP_FIELDS = ['ready', 'gettable']
const MAX_FIELDS = 3
const MAX_VALUE_LENGTH = 40

/**
 * Formats the progress in the metadata as a percentage, a step or a state. Without progress, formats the
 * first fields.
 */
export function progressText(metadata: Json | undefined): string {
  if (!isJsonObject(metadata)) return ''
  const percent = percentIn(metadata) ?? percentOfParts(metadata) ?? percentOfWork(metadata)
  if (percent !== undefined) return `${Number(percent.toFixed(1))} %`
  return STEP_FIELDS.find((step) => metadata[step] === true) ?? stateIn(metadata) ?? firstFields(metadata)
}

function percentIn(fields: JsonObject): number | undefined {
  return PERCENT_FIELDS.map((field) => fields[field]).find(isNumber)
}

function percentOfParts(metadata: JsonObject): number | undefined {
  for (const field of PART_FIELDS) {
    const parts = [metadata[field] ?? []].flat()
    // Protobuf JSON omits a percentage of 0.
    const percents = parts.map((part) => (isJsonObject(part) ? (percentIn(part) ?? 0) : Number.NaN))
    if (percents.length > 0 && percents.every(isNumber))
      return percents.reduce((sum, percent) => sum + percent, 0) / percents.length
  }
  return undefined
}

function percentOfWork(metadata: JsonObject): number | undefined {
  for (const field of WORK_FIELDS) {
    const work = metadata[field]
    if (!isJsonObject(work)) continue
    // Protobuf JSON omits a completed work of 0.
    const share = Number(work.completedWork ?? 0) / Number(work.estimatedWork)
    if (isNumber(share)) return Math.min(100, 100 * share)
  }
  return undefined
}

/** Returns the state of an operation. Dataproc and Cloud Build nest the state in a member of the metadata. */
function stateIn({ status, build, operationState, state }: JsonObject): string | undefined {
  const states = [
    isJsonObject(status) ? status.state : undefined,
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
    .map(([key, value]) => `${key}: ${shorten(String(value))}`)
    .join(', ')
}

// Times are omitted, because every service returns them and they show no progress.
function isInformative(key: string, value: Json): boolean {
  return key !== '@type' && !/time$/i.test(key) && value !== '' && value !== null && typeof value !== 'object'
}

function shorten(text: string): string {
  return text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH - 1)}…` : text
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value)
}
