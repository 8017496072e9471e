import { OperationsClient, watchOperation } from '../lib/index.js'
import { after, failed, inVirtualTime, lost, NAME, notFound, rpcError, running, scripted, succeeded, TAGS, tags, unavailable } from './virtual.js'
import { expect } from 'chai'

const random = () => 1

describe('the grammar of a watch: Right(Running)* ( Right(Succeeded) | Left(OperationError) ) then complete', () => {
  it('should emit every snapshot and the last one, then complete', () =>
    inVirtualTime(({ expectObservable }) => {
      const { transport } = scripted(running(), running(), succeeded())
      const words = watchOperation(NAME, { transport }).pipe(tags())
      expectObservable(words).toBe('r 749ms r 749ms (s|)', TAGS)
    }))
})
