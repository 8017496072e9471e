// A token in a queue for each operation: a process that is restarted goes on where the last one was.
import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { either as E } from 'fp-ts'
import { OperationsClient, type ResumeToken, resumeToken } from 'rx-longrunning'
import { filter, from, lastValueFrom, mergeMap } from 'rxjs'
import { startProject } from './start.js'

/** A directory stands for the queue. */
const [given] = process.argv.slice(2)
const queue = given ?? (await mkdtemp(join(tmpdir(), 'queue-')))
function entry(name: string) {
  return join(queue, encodeURIComponent(name))
}
function put(token: ResumeToken) {
  return writeFile(entry(token.name), JSON.stringify(token))
}

if (given === undefined)
  for (const id of ['queued-1', 'queued-2']) await put(resumeToken((await startProject(id)).name))

const client = new OperationsClient()
process.once('SIGTERM', () => client.close())
if (given === undefined) setTimeout(() => process.kill(process.pid, 'SIGTERM'), 100)

const tokens = (await readdir(queue)).map((file) => readFile(join(queue, file), 'utf8'))
const words = client.watchAll(from(tokens).pipe(mergeMap(async (token) => JSON.parse(await token))))
const settled = words.pipe(
  filter(({ snapshot }) => E.isLeft(snapshot) || snapshot.right.done),
  mergeMap(async ({ name, snapshot }) => {
    const isKnown = E.isRight(snapshot) || snapshot.left._tag === 'OperationFailed'
    if (isKnown) await rm(entry(name))
    console.log(isKnown ? 'done' : `kept after ${snapshot.left._tag}`)
  }),
)
await lastValueFrom(settled)
if (given === undefined)
  spawn(process.execPath, [...process.execArgv, import.meta.filename, queue], { stdio: 'inherit' })
else await rm(queue, { recursive: true })
