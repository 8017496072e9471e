// Logs each poll and the end of each watch, from the diagnostics channels.
import { subscribe } from 'node:diagnostics_channel'
import { type PollEnded, type WatchEnded, watchOperation } from 'rx-longrunning'
import { lastValueFrom } from 'rxjs'

const [name = 'operations/cp.1'] = process.argv.slice(2)

subscribe('rx-longrunning:poll:end', (event) => {
  const { attempt, verdict, took, nextDelay } = event as PollEnded
  console.log(`poll ${attempt}: ${verdict} in ${Math.round(took)} ms, next in ${nextDelay ?? '-'} ms`)
})
subscribe('rx-longrunning:watch:end', (event) => {
  const { name, outcome } = event as WatchEnded
  console.log(`${name}: ${outcome}`)
})

await lastValueFrom(watchOperation(name))
