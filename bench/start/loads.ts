// A module hook that writes the URL of each imported module to standard error.
import { writeSync } from 'node:fs'
import { type ResolveHook, register } from 'node:module'
import { isMainThread } from 'node:worker_threads'

if (isMainThread) register(import.meta.url)

export const resolve: ResolveHook = async (specifier, context, next) => {
  const resolved = await next(specifier, context)
  writeSync(2, `${resolved.url}\n`)
  return resolved
}
