// Watches a list of operations with one client.
import { either as E } from 'fp-ts'
import { OperationsClient } from 'rx-longrunning'
import { startEmulator } from 'rx-longrunning/emulator'

await using emulator = await startEmulator()
const names = ['operations/a', 'operations/b', 'operations/c']
for (const name of names) emulator.operations.add(name, [{}, { polls: 2, done: true }])

await using client = new OperationsClient({ endpoint: emulator.endpoint })

await client.watchAll(names, { timeout: 600_000 }).forEach(({ name, snapshot: emission }) => {
  if (E.isLeft(emission)) console.log(name, emission.left.message)
  else if (emission.right.done) console.log(name, 'succeeded')
})
