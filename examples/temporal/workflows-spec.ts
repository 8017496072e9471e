import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker'
import { expect } from 'chai'

function here(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url))
}

describe('the workflow', () => {
  it('should be bundled without the library of its activities', async () => {
    const { code } = await bundleWorkflowCode({
      workflowsPath: here('workflows.ts'),
      logger: new DefaultLogger('ERROR'),
    })
    expect(code).to.contain('openProject').and.contain('waitOperation')
    expect(code).to.not.contain('rx-longrunning').and.not.contain('axios')
  })

  it('should contain every program of the README', () => {
    const programs = [...readFileSync(here('README.md'), 'utf8').matchAll(/```ts\n([\s\S]*?)```/g)]
    expect(programs).to.not.deep.equal([])
    for (const [, program = ''] of programs)
      expect(
        ['workflows.ts', 'worker.ts'].some((file) => readFileSync(here(file), 'utf8').includes(program)),
      ).to.equal(true)
  })
})
