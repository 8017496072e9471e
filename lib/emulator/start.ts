import type { Reaction } from './answer.js'
import type { Format, Query } from './format.js'
import type { Frame } from './frame.js'
import type { Json } from './json.js'
import { operationReaction } from './operation-reaction.js'
import { type Stage, startFrame } from './timeline.js'
import type { StartMethod, World } from './world.js'

/** A request, as the methods see it. */
export interface Call {
  /** The one variable of the path, decoded. */
  readonly name: string
  readonly query: Query
  /** Parsed JSON, or the text of what is not JSON; undefined when empty. */
  readonly body: Json | undefined
  readonly format: Format
}

/** An operation to start. */
export interface Start {
  readonly method: StartMethod
  /** What comes before the dot in the operation's id. */
  readonly prefix: string
  readonly body: Json
  /** The script of an operation that lasts so many ms. */
  readonly usual: (duration: number) => readonly Frame[]
}

/** Starts an operation: how far it has come, whenever asked, and what the request gets. */
export function startOperation(
  world: World,
  { method, prefix, body, usual }: Start,
  format: Format,
): { readonly stage: () => Stage; readonly reaction: Reaction } {
  const name = `operations/${prefix}.${world.number(19)}`
  const frames = world.script({ method, name, body }, usual)
  const stage = world.operations.begin(name, frames)
  return { stage, reaction: operationReaction(name, startFrame(frames), format) }
}
