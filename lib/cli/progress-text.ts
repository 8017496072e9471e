import type { Json, JsonObject } from '../index.js'

const PERCENTAGES = ['progressPercent', 'progressPercentage', 'progress']
/** Of the creation of a project, the later first. */
const STEPS = ['ready', 'gettable']
const MOST_FIELDS = 3
const LONGEST_VALUE = 40

/** How far an operation is, by its metadata: `42 %`, `gettable`, or its first fields; empty where it does not say. */
export const progressText = (metadata: Json | undefined): string => {
  if (!isObject(metadata)) return ''
  for (const field of PERCENTAGES) {
    const percent = metadata[field]
    if (typeof percent === 'number' && Number.isFinite(percent)) return `${Number(percent.toFixed(1))} %`
  }
  return STEPS.find((step) => metadata[step] === true) ?? firstFields(metadata)
}

const firstFields = (metadata: JsonObject): string =>
  Object.entries(metadata)
    .filter(([key, value]) => isTelling(key, value))
    .slice(0, MOST_FIELDS)
    .map(([key, value]) => `${key}: ${short(String(value))}`)
    .join(', ')

// When it began is told by every service, and says nothing of how far it is.
const isTelling = (key: string, value: Json): boolean =>
  key !== '@type' &&
  !/time$/i.test(key) &&
  value !== '' &&
  (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')

const short = (text: string): string =>
  text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 1)}…` : text

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
