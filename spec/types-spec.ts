import { type } from 'arktype'
import { expect } from 'chai'
import { expectTypeOf } from 'expect-type'
import { either as E } from 'fp-ts'
import { type Either, left, right } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as t from 'io-ts'
import { filter, map, type Observable, type ObservedValueOf, of } from 'rxjs'
import { z } from 'zod'
import {
  andThen,
  type Emission,
  follow,
  type Incomplete,
  isFinal,
  isOperationFailed,
  isOutcome,
  type Json,
  matchOperation,
  matchOperationError,
  type NamedSnapshot,
  type Operation,
  type OperationError,
  type OperationFailed,
  OperationsClient,
  orThrow,
  outcome,
  progress,
  type Running,
  type SnapshotWithContext,
  type Succeeded,
  toTaskEither,
  watchOperation,
} from '../lib/index.js'

interface Project {
  readonly projectId: string
}
interface Step {
  readonly step: number
}

function decodeProject(_: unknown): Either<string, Project> {
  return right({ projectId: 'p' })
}
function decodeStep(_: unknown): Either<string, Step> {
  return right({ step: 1 })
}
const client = new OperationsClient({
  transport: () => of(right({ httpStatus: 200, body: { name: 'operations/x', done: true } })),
})

const untypedWatch = client.watch('operations/x')
const typedWatch = client.watch('operations/x', { response: decodeProject, metadata: decodeStep })

describe('types', () => {
  it('should use JSON types if there are no decoders', () => {
    expectTypeOf(untypedWatch).toEqualTypeOf<
      Observable<Either<OperationError<Json>, Operation<Json | undefined, Json>>>
    >()
    expectTypeOf(watchOperation('operations/x')).toEqualTypeOf(untypedWatch)
    expectTypeOf(client.get('operations/x')).toEqualTypeOf(untypedWatch)
  })

  it('should infer the types of response and metadata from every kind of decoder', () => {
    expectTypeOf(typedWatch).toEqualTypeOf<
      Observable<Either<OperationError<Step>, Operation<Project, Step>>>
    >()
    expectTypeOf(
      watchOperation('operations/x', { response: decodeProject, metadata: decodeStep }),
    ).toEqualTypeOf(typedWatch)
    expectTypeOf(client.get('operations/x', { response: decodeProject, metadata: decodeStep })).toEqualTypeOf(
      typedWatch,
    )
    const zod = client.watch('operations/x', { response: z.object({ projectId: z.string() }) })
    expectTypeOf(zod).toEqualTypeOf<
      Observable<Either<OperationError<Json>, Operation<{ projectId: string }, Json>>>
    >()
    const arktype = client.watch('operations/x', { response: type({ projectId: 'string' }) })
    expectTypeOf(arktype).toEqualTypeOf(zod)
    const iots = client.watch('operations/x', { metadata: t.type({ step: t.number }) })
    expectTypeOf(iots).toEqualTypeOf<
      Observable<Either<OperationError<{ step: number }>, Operation<Json | undefined, { step: number }>>>
    >()
  })

  it('should require that code handles an Incomplete in a list', () => {
    const list = client.list('projects/p', { response: decodeProject, metadata: decodeStep })
    expectTypeOf(list).toEqualTypeOf<
      Observable<Either<OperationError<Step>, Operation<Project, Step> | Incomplete>>
    >()
    expectTypeOf(list.pipe(orThrow())).toEqualTypeOf<Observable<Operation<Project, Step> | Incomplete>>()
    const nameOf = (item: ObservedValueOf<typeof list>): string | undefined => {
      if (E.isLeft(item) || item.right._tag === 'Incomplete') return undefined
      expectTypeOf(item.right).toEqualTypeOf<Operation<Project, Step>>()
      return item.right.name
    }
    expectTypeOf(list.pipe(map(nameOf))).toEqualTypeOf<Observable<string | undefined>>()
  })

  it('should keep the types of response and metadata in the results of the operators', () => {
    expectTypeOf(typedWatch.pipe(outcome())).toEqualTypeOf<
      Observable<Either<OperationError<Step>, Project>>
    >()
    expectTypeOf(typedWatch.pipe(progress())).toEqualTypeOf<Observable<Step>>()
    expectTypeOf(typedWatch.pipe(progress({ fraction: false }))).toEqualTypeOf<Observable<Step>>()
    expectTypeOf(typedWatch.pipe(progress({ fraction: true }))).toEqualTypeOf<Observable<number>>()
    expectTypeOf(typedWatch.pipe(orThrow())).toEqualTypeOf<Observable<Operation<Project, Step>>>()
    expectTypeOf(toTaskEither(typedWatch)).toEqualTypeOf<
      TaskEither<OperationError<Step>, Succeeded<Project, Step>>
    >()
    expectTypeOf(
      of({}).pipe(follow(client, { response: decodeProject, metadata: decodeStep })),
    ).toEqualTypeOf(typedWatch)
  })

  it('should accept the emissions of every watch in isFinal and isOutcome', () => {
    expectTypeOf<ObservedValueOf<typeof typedWatch>>().toEqualTypeOf<Emission<Project, Step>>()
    expectTypeOf<ObservedValueOf<typeof untypedWatch>>().toEqualTypeOf<Emission>()
    const started = client.start(() => Promise.resolve({}), { response: decodeProject })
    expectTypeOf(typedWatch.pipe(filter(isFinal))).toEqualTypeOf(typedWatch)
    expectTypeOf<typeof started>().toMatchTypeOf(started.pipe(filter(isOutcome)))
    expectTypeOf(isOutcome).toBeCallableWith(left({ _tag: 'Mine' } as const))
  })

  it('should infer the types of one andThen and of two consecutive ones', () => {
    const secondWatch = client.watch('operations/y', { response: z.number() })
    const chained = typedWatch.pipe(
      andThen((response, operation) => {
        expectTypeOf(response).toEqualTypeOf<Project>()
        expectTypeOf(operation).toEqualTypeOf<Succeeded<Project, Step>>()
        return secondWatch
      }),
    )
    expectTypeOf(chained).toEqualTypeOf<
      Observable<Either<OperationError<Step> | OperationError<Json>, Operation<number, Step | Json>>>
    >()
    const chainedTwice = chained.pipe(
      andThen((response) => {
        expectTypeOf(response).toEqualTypeOf<number>()
        return typedWatch
      }),
      outcome(),
    )
    expectTypeOf(chained.pipe(progress())).toEqualTypeOf<Observable<Step | Json>>()
    expectTypeOf(chained.pipe(orThrow())).toEqualTypeOf<Observable<Operation<number, Step | Json>>>()
    const withOwnError = typedWatch.pipe(
      andThen(() => of(left<{ readonly _tag: 'Mine' }, Operation<number, Json>>({ _tag: 'Mine' }))),
    )
    const narrow = (emission: ObservedValueOf<typeof withOwnError>): void => {
      if (E.isLeft(emission) && isOperationFailed(emission.left))
        expectTypeOf(emission.left).toEqualTypeOf<OperationFailed<Step>>()
    }
    // These watches are not subscribed: an unfinished watch would poll during the next spec.
    expectTypeOf(withOwnError.pipe(outcome())).toEqualTypeOf<
      Observable<Either<{ readonly _tag: 'Mine' } | OperationError<Step>, number>>
    >()
    expectTypeOf(withOwnError.pipe(map(narrow))).toEqualTypeOf<Observable<void>>()
    expectTypeOf(chainedTwice).toEqualTypeOf<
      Observable<Either<OperationError<Step> | OperationError<Json>, Project>>
    >()
  })

  // Cited in docs/COMPARISON.md as: narrow-by-tag
  it('should narrow the type if a tag, a type guard or a matcher is used', () => {
    const narrow = (emission: Either<OperationError<Step>, Operation<Project, Step>>): string => {
      if (E.isLeft(emission)) {
        if (emission.left._tag === 'OperationFailed')
          expectTypeOf(emission.left.metadata).toEqualTypeOf<Step | undefined>()
        return emission.left.message
      }
      if (emission.right.done) expectTypeOf(emission.right).toEqualTypeOf<Succeeded<Project, Step>>()
      else expectTypeOf(emission.right).toEqualTypeOf<Running<Step>>()
      return matchOperation<Project, Step, string>({
        Running: ({ metadata }) => `${metadata?.step}`,
        Succeeded: ({ response }) => response.projectId,
      })(emission.right)
    }
    expect(
      narrow(
        right({
          _tag: 'Succeeded',
          done: true,
          name: '',
          attempt: 0,
          elapsed: 0,
          response: { projectId: 'p' },
        }),
      ),
    ).to.equal('p')
    // @ts-expect-error: a matcher needs a function for every tag
    matchOperationError({ OperationFailed: () => 1 })
  })

  it('should infer the context of the names of watchAll', () => {
    const message = { name: 'operations/x', context: { ack: () => true } }
    const token = {
      name: { name: 'operations/x', endpoint: 'https://e', apiVersion: 'v1' },
      context: 1 as const,
    }
    const withContext = client.watchAll([message], { response: decodeProject, metadata: decodeStep })
    expectTypeOf(withContext).toEqualTypeOf<
      Observable<SnapshotWithContext<{ ack: () => boolean }, Project, Step>>
    >()
    expectTypeOf(client.watchAll(of(token))).toEqualTypeOf<Observable<SnapshotWithContext<1>>>()
    async function* messages() {
      yield message
    }
    expectTypeOf(client.watchAll(messages())).toEqualTypeOf<
      Observable<SnapshotWithContext<{ ack: () => boolean }>>
    >()
    expectTypeOf(client.watchAll(['operations/x', token.name])).toEqualTypeOf<Observable<NamedSnapshot>>()
    const names = [{ ack: () => true }] as const
    // @ts-expect-error: names with a context and names without one cannot be mixed
    client.watchAll(['operations/x', message])
    // @ts-expect-error: an object needs a name
    client.watchAll(names)
  })

  it('should accept undefined as the value of an option', () => {
    const withOptional = (timeout: number | undefined, signal: AbortSignal | undefined) =>
      watchOperation('operations/x', {
        timeout,
        signal,
        endpoint: undefined,
        auth: undefined,
        schedule: undefined,
      })
    expectTypeOf(withOptional).returns.toEqualTypeOf(untypedWatch)
  })

  it('should reject a Response of fetch, and an option that is a decoder', () => {
    const emissions: unknown[] = []
    // @ts-expect-error: a Response is not parsed
    client.follow(Response.json({})).subscribe((emission) => emissions.push(emission))
    expect(emissions).to.have.nested.property('[0].left.reason').that.includes('it is a Response')
    // @ts-expect-error: a decoder is not an object of options
    expect(() => client.watch('operations/x', z.object({}))).to.throw('options must be an object such as')
    // @ts-expect-error: a name of a descriptor is not an object of options
    expect(() => client.follow({}, 'createProject')).to.throw('options must be an object such as')
  })

  it('should reject a value that is not a decoder, and a value that is not a name', () => {
    expect(() => {
      // @ts-expect-error: a decoder is not a string
      client.watch('operations/x', { response: 'Project' })
    }).to.throw('response must be')
    // @ts-expect-error: a name is a string or a token
    client.watch(7)
  })
})
