#!/usr/bin/env node
import { run } from './program.js'

process.exitCode = await run(process.argv.slice(2), process)
// A request for credentials that cannot be aborted keeps the process alive. Then this timer ends it after 200 ms.
setTimeout(() => process.exit(), 200).unref()
