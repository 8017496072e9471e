// Imports one module and prints the time in milliseconds.
import { createRequire } from 'node:module'

const [, , url = ''] = process.argv
const startedAt = performance.now()
await import(url)
const took = performance.now() - startedAt
const required = Object.keys(createRequire(import.meta.url).cache)
console.log(JSON.stringify({ took, required }))
