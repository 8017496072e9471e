import { isJsonObject, type JsonObject } from '../../model/json.js'
import { type Emission, isFinal } from '../../polling/emission.js'
import { recordOf } from './result-text.js'

const START_FIELDS = ['createTime', 'insertTime', 'startTime']
const END_FIELDS = ['endTime', 'finishTime']
/** Members of the metadata that contain the times: Vertex AI, Cloud Build and Migration Center. */
const PARENT_FIELDS = ['genericMetadata', 'build', 'common']

/**
 * Returns how long an operation has been running, or ran, according to its metadata, in milliseconds. Returns undefined
 * if the metadata has no start time, or if the operation is done and the metadata has no end time.
 */
export function operationDuration(emission: Emission, wallClock: number): number | undefined {
  const { metadata } = recordOf(emission)
  if (!isJsonObject(metadata)) return undefined
  const parents = [metadata, ...PARENT_FIELDS.map((field) => metadata[field])].filter(isJsonObject)
  const start = parents.map((parent) => timeIn(parent, START_FIELDS)).find((time) => time !== undefined)
  const end = parents.map((parent) => timeIn(parent, END_FIELDS)).find((time) => time !== undefined)
  const until = end ?? (isFinal(emission) ? undefined : wallClock)
  return start === undefined || until === undefined ? undefined : Math.max(0, until - start)
}

function timeIn(fields: JsonObject, names: readonly string[]): number | undefined {
  const times = names
    .map((name) => fields[name])
    .map((text) => (typeof text === 'string' ? Date.parse(text) : NaN))
  return times.find((time) => Number.isFinite(time))
}
