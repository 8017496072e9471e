import { expect } from 'chai'
import { jobId } from '../../lib/bullmq/job-store.js'

describe('bullmq/job-store, jobId', () => {
  const endpoint = 'https://cloudresourcemanager.googleapis.com'
  const ids = [
    jobId({ endpoint, name: 'operations/123' }),
    jobId({ endpoint, name: 'operations/a:b' }),
    jobId({ endpoint: 'https://run.googleapis.com', name: 'operations/123' }),
  ]

  it('should be unique for each name and endpoint', () => {
    expect(new Set(ids)).to.have.lengthOf(3)
  })

  it('should be the same in every process', () => {
    expect(jobId({ endpoint, name: 'operations/123' })).to.equal(
      'HYVhDom65hV9Zl15fFLtgDo53z3KnlkEcUNeREeQfnM',
    )
  })

  it('should be a valid BullMQ job ID, which has no colon and is not a whole number', () => {
    for (const id of ids)
      expect(id)
        .to.match(/^[\w-]{43}$/)
        .and.not.match(/^\d+$/)
  })
})
