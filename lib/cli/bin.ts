#!/usr/bin/env node
import { run } from './program.js'

process.exitCode = await run(process.argv.slice(2), process)
// A request for credentials cannot always be aborted, and must not delay the exit.
setTimeout(() => process.exit(), 200).unref()
