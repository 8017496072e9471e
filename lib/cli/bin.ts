#!/usr/bin/env node
import { run } from './program.js'

process.exitCode = await run(process.argv.slice(2), process)
// A request for credentials cannot be called back: whoever has stopped or timed out does not wait for it.
if (process.exitCode >= 124) setTimeout(() => process.exit(), 200).unref()
