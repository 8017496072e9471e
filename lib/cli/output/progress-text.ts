import type { Json, JsonObject } from '../../index.js'

const PERCENTAGES = ['progressPercent', 'progressPercentage', 'progress']
/** Of Spanner, Bigtable and Video Intelligence: one percentage further in, or a list of one for each step. */
const PARTS = ['progress', 'annotationProgress']
/** Of Firestore and Datastore: how much work is done of how much, in texts of whole numbers. */
const WORKS = ['progressDocuments', 'progressEntities', 'progressBytes']
/** Of the creation of a project, the later first. */
const STEPS = ['ready', 'gettable']
const MOST_FIELDS = 3
const LONGEST_VALUE = 40

/** How far an operation is, by its metadata: `42 %`, `gettable`, or its first fields; empty where it does not say. */
export function progressText(metadata: Json | undefined): string {
  if (!isObject(metadata)) return ''
  const percent = percentIn(metadata) ?? percentOfParts(metadata) ?? percentOfWork(metadata)
  if (percent !== undefined) return `${Number(percent.toFixed(1))} %`
  return STEPS.find((step) => metadata[step] === true) ?? stateIn(metadata) ?? firstFields(metadata)
}

function percentIn(fields: JsonObject): number | undefined {
  return PERCENTAGES.map((field) => fields[field]).find(isNumber)
}

function percentOfParts(metadata: JsonObject): number | undefined {
  for (const field of PARTS) {
    const parts = [metadata[field] ?? []].flat()
    const percents = parts.map((part) => (isObject(part) ? (percentIn(part) ?? 0) : Number.NaN))
    if (percents.length > 0 && percents.every(isNumber))
      return percents.reduce((sum, percent) => sum + percent, 0) / percents.length
  }
  return undefined
}

function percentOfWork(metadata: JsonObject): number | undefined {
  for (const field of WORKS) {
    const work = metadata[field]
    if (!isObject(work)) continue
    const share = Number(work.completedWork ?? 0) / Number(work.estimatedWork)
    if (isNumber(share)) return Math.min(100, 100 * share)
  }
  return undefined
}

/** Of Dataproc and Cloud Build, and of services that name their own state. */
function stateIn({ status, build, operationState, state }: JsonObject): string | undefined {
  return [
    isObject(status) ? status.state : undefined,
    isObject(build) ? build.status : undefined,
    operationState,
    state,
  ].find((named): named is string => typeof named === 'string' && named !== '')
}

function firstFields(metadata: JsonObject): string {
  return Object.entries(metadata)
    .filter(([key, value]) => isTelling(key, value))
    .slice(0, MOST_FIELDS)
    .map(([key, value]) => `${key}: ${short(String(value))}`)
    .join(', ')
}

// When it began is told by every service, and says nothing of how far it is.
function isTelling(key: string, value: Json): boolean {
  return (
    key !== '@type' &&
    !/time$/i.test(key) &&
    value !== '' &&
    (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
  )
}

function short(text: string): string {
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 1)}…` : text
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value)
}
