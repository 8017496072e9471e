#!/usr/bin/env node
import module from 'node:module'
import { run } from './program.js'

// Speeds up the import of a verb. Node.js 20 has no compile cache.
const { enableCompileCache } = module as { readonly enableCompileCache?: () => unknown }
enableCompileCache?.()

const { emitWarning } = process
// google-auth-library warns about an unexpected error when it finds no metadata server. The result contains the reason.
process.emitWarning = ((...args: Parameters<typeof emitWarning>) => {
  if (!args.includes('MetadataLookupWarning')) emitWarning.apply(process, args)
}) as typeof emitWarning
process.exitCode = await run(process.argv.slice(2), process)
// A request for credentials cannot be aborted, and may keep the process alive. The process then ends after
// 200 ms. Because of `unref`, the timer itself does not keep the process alive.
setTimeout(() => process.exit(), 200).unref()
