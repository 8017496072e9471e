// Stores a resume token for each operation. After a restart, the new process resumes every watch.
import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { either as E } from 'fp-ts'
import { isFinal, OperationsClient, type ResumeToken, resumeToken } from 'rx-longrunning'
import { filter, from, lastValueFrom, mergeMap } from 'rxjs'
import { startProject } from './start.js'

const [existing] = process.argv.slice(2)
const queue = existing ?? (await mkdtemp(join(tmpdir(), 'queue-')))
function save(token: ResumeToken) {
  return writeFile(join(queue, encodeURIComponent(token.name)), JSON.stringify(token))
}
if (!existing)
  for (const id of ['queued-1', 'queued-2']) await save(resumeToken((await startProject(id)).name))
if (!existing) await save({ ...resumeToken('operations/cp.1'), name: 'a damaged name' })

const client = new OperationsClient()
process.once('SIGTERM', () => client.close())
if (!existing) setTimeout(() => process.kill(process.pid, 'SIGTERM'), 100)

const files = (await readdir(queue)).map((file) => join(queue, file))
const messages = from(files).pipe(
  mergeMap(async (file) => ({ name: JSON.parse(await readFile(file, 'utf8')), context: file })),
)
const resumable = ['Unreachable', 'TimedOut', 'ClientClosed', 'CredentialsError']
const results = client.watchAll(messages).pipe(
  filter(({ snapshot: emission }) => isFinal(emission)),
  mergeMap(async ({ context: file, snapshot: emission }) => {
    const { _tag } = E.toUnion(emission)
    if (!resumable.includes(_tag)) await rm(file)
    console.log(resumable.includes(_tag) ? 'token kept after' : 'token removed after', _tag)
  }),
)
await lastValueFrom(results)
if (existing) await rm(queue, { recursive: true })
else spawn(process.execPath, [...process.execArgv, import.meta.filename, queue], { stdio: 'inherit' })
