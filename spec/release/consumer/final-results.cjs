const { lastValueFrom } = require('rxjs')

/** Watches two operations of an emulator over real sockets, and prints the final result of each. */
exports.printFinalResults = async ({ OperationsClient, outcome }, { startEmulator }, { createProject }) => {
  const emulator = await startEmulator({ resourceManager: false })
  const response = { '@type': createProject.response.type, name: 'projects/1', projectId: 'p-1' }
  emulator.operations.add('operations/good', [{}, { polls: 2, done: true, response }])
  emulator.operations.add('operations/bad', [
    {},
    { polls: 2, done: true, error: { code: 8, message: 'no quota' } },
  ])
  const client = new OperationsClient({ endpoint: emulator.endpoint })
  const resultOf = (name) => lastValueFrom(client.watch(name, createProject).pipe(outcome()))
  const [good, bad] = await Promise.all([resultOf('operations/good'), resultOf('operations/bad')])
  client.close()
  await emulator.close()
  console.log(
    good._tag,
    good.right.projectId,
    bad._tag,
    bad.left._tag,
    bad.left.status.codeName,
    emulator.requests.length,
  )
}
