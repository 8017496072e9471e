#!/usr/bin/env node
import { run } from './program.js'

process.exitCode = await run(process.argv.slice(2), process)
// A request for credentials may not be called back: nobody waits for it once all is said.
setTimeout(() => process.exit(), 200).unref()
