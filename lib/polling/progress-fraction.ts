import { isJsonObject, type Json, type JsonObject } from '../model/json.js'

const PERCENT_FIELDS = ['progressPercent', 'progressPercentage', 'progress']
/**
 * Spanner, Bigtable and Video Intelligence: an object with a percentage, or a list of such objects, one for each
 * step. GKE: an object with metrics.
 */
const PART_FIELDS = ['progress', 'annotationProgress']
/** Firestore and Datastore: an object with the completed and the estimated work. */
const WORK_FIELDS = ['progressDocuments', 'progressEntities', 'progressBytes']
/** The members of progress with metrics, as GKE sends it. Their presence means that an absent percentage is not 0. */
const METRIC_FIELDS = ['metrics', 'stages', 'status']

/**
 * Returns the progress in the metadata of an operation, from 0 to 1. Returns undefined if the metadata contains no
 * progress in a known format.
 */
export function progressFraction(metadata: unknown): number | undefined {
  if (!isJsonObject(metadata)) return undefined
  const fraction = [
    percentIn(metadata),
    ...PART_FIELDS.map((field) => mean([metadata[field] ?? []].flat().map(fractionOfPart))),
    ...WORK_FIELDS.map((field) => fractionOfWork(metadata[field])),
  ].find((value) => Number.isFinite(value))
  return fraction === undefined ? undefined : Math.min(1, Math.max(0, fraction))
}

/**
 * Returns the progress if it can be used to forecast the end of the operation. Metrics cannot, because an operation can be
 * done before they reach their totals.
 */
export function usableFraction(metadata: unknown): number | undefined {
  const hasMetrics = isJsonObject(metadata) && [metadata.progress].flat().some(isMetrics)
  return hasMetrics ? undefined : progressFraction(metadata)
}

function percentIn(fields: JsonObject): number | undefined {
  const percent = PERCENT_FIELDS.map((field) => fields[field]).find((value) => Number.isFinite(value))
  return percent === undefined ? undefined : Number(percent) / 100
}

function fractionOfPart(part: Json): number {
  if (!isJsonObject(part)) return Number.NaN
  if (isMetrics(part)) return fractionOfMetrics(part)
  // Protobuf JSON omits a percentage of 0.
  return percentIn(part) ?? 0
}

function isMetrics(part: Json | undefined): boolean {
  return isJsonObject(part) && METRIC_FIELDS.some((field) => part[field] !== undefined)
}

/** Returns the mean of `X_DONE` or `X` divided by `X_TOTAL`, such as `NODES_DONE` divided by `NODES_TOTAL`. */
function fractionOfMetrics(progress: JsonObject): number {
  const metrics = [progress, progress.stages ?? []].flat().flatMap((stage) => Object(stage).metrics ?? [])
  const values = new Map<unknown, number>(
    metrics.map(Object).map(({ name, intValue, doubleValue }) => [name, toNumber(intValue ?? doubleValue)]),
  )
  return mean(
    [...values].flatMap(([name, total]) => {
      const [, subject] = typeof name === 'string' ? (/^(.+)_TOTAL$/.exec(name) ?? []) : []
      if (subject === undefined || !(total > 0)) return []
      return [(values.get(`${subject}_DONE`) ?? values.get(subject) ?? 0) / total]
    }),
  )
}

function fractionOfWork(work: Json | undefined): number {
  if (!isJsonObject(work)) return Number.NaN
  // The members of Firestore, or those of Datastore. Protobuf JSON omits a completed work of 0.
  const { completedWork = work.workCompleted, estimatedWork = work.workEstimated } = work
  return toNumber(completedWork ?? 0) / toNumber(estimatedWork)
}

/** Converts a number or its text. An object becomes NaN, because its conversion can throw. */
function toNumber(value: unknown): number {
  return typeof value === 'object' ? Number.NaN : Number(value)
}

/** Returns NaN if there are no values. */
function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
