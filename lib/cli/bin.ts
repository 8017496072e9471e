#!/usr/bin/env node
import { run } from './program.js'

process.exitCode = await run(process.argv.slice(2), process)
// A request for credentials cannot be aborted and may keep the process alive. This timer then ends the
// process.
setTimeout(() => process.exit(), 200).unref()
