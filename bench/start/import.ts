// A process that does nothing but import a module, and says how many milliseconds that took.
import { createRequire } from 'node:module'

const [, , url = ''] = process.argv
const began = performance.now()
await import(url)
const took = performance.now() - began
const required = Object.keys(createRequire(import.meta.url).cache)
console.log(JSON.stringify({ took, required }))
