// Compiled here and, with every supported version of TypeScript, by the release check. The functions are not called.
// `expectType` does not compile if the type differs.
import { either as E, function as F } from 'fp-ts'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import {
  andThen,
  type Emission,
  follow,
  type Operation,
  type OperationError,
  type OperationsClient,
  orThrow,
  outcome,
  progress,
  type Running,
  type Succeeded,
  toTaskEither,
  type Watch,
} from 'rx-longrunning'
import {
  type CreateFolderMetadata,
  type CreateProjectMetadata,
  createFolder,
  type Folder,
  gettable,
  type Project,
} from 'rx-longrunning/resource-manager'
import { catchError, filter, map, merge, type Observable, of, switchMap, tap } from 'rxjs'

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? readonly [] : readonly ['other type']

function expectType<A>(): <B>(value: Observable<B>, ...proof: Equal<A, B>) => void {
  return () => undefined
}

type ProjectError = OperationError<CreateProjectMetadata>
type FolderError = OperationError<CreateFolderMetadata>
type AnyMetadata = CreateProjectMetadata | CreateFolderMetadata
interface NotStarted {
  readonly _tag: 'NotStarted'
}
const notStarted: NotStarted = { _tag: 'NotStarted' }

export function ofOneWatch(project: Watch<Project, CreateProjectMetadata>): void {
  expectType<E.Either<ProjectError, Project>>()(project.pipe(outcome()))
  expectType<CreateProjectMetadata>()(project.pipe(progress()))
  expectType<number>()(project.pipe(progress({ fraction: true })))
  expectType<Operation<Project, CreateProjectMetadata>>()(project.pipe(orThrow()))
  expectType<E.Either<ProjectError, Operation<Project, CreateProjectMetadata>>>()(project.pipe(gettable()))
  const task: TaskEither<ProjectError, Succeeded<Project, CreateProjectMetadata>> = F.pipe(
    project,
    toTaskEither,
  )
  void task
}

export function afterCatchError(
  project: Watch<Project, CreateProjectMetadata>,
  folder: Watch<Folder, CreateFolderMetadata>,
): void {
  const caught = project.pipe(catchError(() => of(E.left({ _tag: 'NotStarted' as const }))))
  expectType<E.Either<ProjectError | { _tag: 'NotStarted' }, Project>>()(caught.pipe(outcome()))
  expectType<CreateProjectMetadata>()(caught.pipe(progress()))
  expectType<number>()(caught.pipe(progress({ fraction: true })))
  expectType<Operation<Project, CreateProjectMetadata>>()(caught.pipe(orThrow()))
  expectType<E.Either<ProjectError | { _tag: 'NotStarted' }, Project>>()(caught.pipe(gettable(), outcome()))
  const task: TaskEither<ProjectError | NotStarted, Succeeded<Project, CreateProjectMetadata>> = toTaskEither(
    caught,
  )
  void task
  expectType<E.Either<ProjectError | FolderError | { _tag: 'NotStarted' }, Operation<Folder, AnyMetadata>>>()(
    caught.pipe(
      andThen((response, operation) => {
        const project: Project = response
        const succeeded: Succeeded<Project, CreateProjectMetadata> = operation
        return project.projectId === succeeded.name ? folder : folder.pipe(filter(E.isRight))
      }),
    ),
  )
}

export function ofTwoWatches(
  project: Watch<Project, CreateProjectMetadata>,
  folder: Watch<Folder, CreateFolderMetadata>,
): void {
  const merged = merge(project, folder)
  expectType<E.Either<ProjectError | FolderError, Project | Folder>>()(merged.pipe(outcome()))
  expectType<AnyMetadata>()(merged.pipe(progress()))
  expectType<Operation<Project, CreateProjectMetadata> | Operation<Folder, CreateFolderMetadata>>()(
    merged.pipe(orThrow()),
  )
  const task: TaskEither<
    ProjectError | FolderError,
    Succeeded<Project, CreateProjectMetadata> | Succeeded<Folder, CreateFolderMetadata>
  > = toTaskEither(merged)
  void task
  expectType<E.Either<ProjectError | FolderError, Operation<Project | Folder, AnyMetadata>>>()(
    merged.pipe(andThen((response) => (response.name === '' ? project : folder))),
  )
  expectType<E.Either<ProjectError | FolderError, Project | Folder>>()(
    of(1).pipe(
      switchMap((n) => (n === 1 ? project : folder)),
      outcome(),
    ),
  )
}

export function ofHandWrittenUnions(
  emissions: Observable<
    E.Left<'a'> | E.Left<NotStarted> | E.Right<Running<string>> | E.Right<Succeeded<number, boolean>>
  >,
  gettables: Observable<E.Left<'a'> | E.Right<Succeeded<number, { readonly gettable: boolean }>>>,
): void {
  expectType<E.Either<'a' | NotStarted, number>>()(emissions.pipe(outcome()))
  expectType<string | boolean>()(emissions.pipe(progress()))
  expectType<Running<string> | Succeeded<number, boolean>>()(emissions.pipe(orThrow()))
  expectType<E.Either<'a' | NotStarted, Operation<number, string | boolean>>>()(
    emissions.pipe(andThen((n) => of(E.right<never, Succeeded<typeof n, string>>(succeeded(n))))),
  )
  const task: TaskEither<'a' | NotStarted, Succeeded<number, boolean>> = toTaskEither(emissions)
  void task
  expectType<E.Left<'a'> | E.Right<Succeeded<number, { readonly gettable: boolean }>>>()(
    gettables.pipe(gettable()),
  )
}

export function ofLeftsOnly(): void {
  const lefts = of(E.left(notStarted))
  expectType<E.Either<NotStarted, never>>()(lefts.pipe(outcome()))
  expectType<never>()(lefts.pipe(progress()))
  expectType<never>()(lefts.pipe(orThrow()))
  expectType<E.Either<NotStarted, never>>()(lefts.pipe(gettable()))
  expectType<E.Either<NotStarted, Operation<number, string>>>()(
    lefts.pipe(andThen((response: never) => of(E.right<never, Operation<number, string>>(response)))),
  )
  const task: TaskEither<NotStarted, never> = toTaskEither(lefts)
  void task
}

/** Ten operators in two calls, because RxJS has types for at most nine operators in a call of `pipe`. */
export function inLongPipes(
  project: Watch<Project, CreateProjectMetadata>,
  folder: Watch<Folder, CreateFolderMetadata>,
): void {
  expectType<string>()(
    of('operations/cp.1')
      .pipe(
        switchMap(() => folder),
        tap(() => undefined),
        andThen(({ name }) => (name === '' ? of(E.left(notStarted)) : project)),
        catchError(() => of(E.left(notStarted))),
        andThen(() => folder),
        filter(() => true),
        andThen(() => project),
        catchError(() => of(E.left(notStarted))),
        outcome(),
      )
      .pipe(
        map((result) => {
          if (E.isRight(result)) return result.right.projectId
          const error: ProjectError | FolderError | NotStarted = result.left
          return error._tag
        }),
      ),
  )
}

/** The operators also infer types in generic functions, and as values without a watch. */
export function generic<Err, R, M>(watch: Observable<E.Either<Err, Operation<R, M>>>): void {
  const results: Observable<E.Either<Err, R>> = watch.pipe(outcome())
  const metadata: Observable<M> = watch.pipe(progress())
  const operations: Observable<Operation<R, M>> = watch.pipe(orThrow())
  const chain: Observable<E.Either<Err, Operation<R, M>>> = watch.pipe(andThen(() => watch))
  const task: TaskEither<Err, Succeeded<R, M>> = toTaskEither(watch)
  void [results, metadata, operations, chain, task]
}

const toResponse = outcome()
const projectIn = andThen((folder: Folder) => of(succeededWith(folder.name)))

export function asValues(folder: Watch<Folder, CreateFolderMetadata>): void {
  expectType<E.Either<FolderError, Folder>>()(folder.pipe(toResponse))
  expectType<E.Either<unknown, string>>()(folder.pipe(projectIn, outcome()))
}

/** Types without type arguments accept the errors and emissions of every watch. */
export function bareTypes(client: OperationsClient, report: (error: OperationError) => void): void {
  const emissions: Observable<Emission> = client.watch('operations/cp.1', createFolder)
  const untyped: Observable<Emission> = client.watch('operations/cp.1')
  client.watch('operations/cp.1', createFolder).subscribe((emission) => {
    if (E.isLeft(emission)) report(emission.left)
  })
  void [emissions, untyped]
}

export function mistakes(folder: Watch<Folder, CreateFolderMetadata>): void {
  // @ts-expect-error: the metadata of a folder has no member `gettable`
  folder.pipe(gettable())
  // @ts-expect-error: a number is no emission
  of(1).pipe(outcome())
  // @ts-expect-error: a number is no emission
  of(1).pipe(progress())
  // @ts-expect-error: a number is no emission
  of(1).pipe(orThrow())
  // @ts-expect-error: a number is no emission
  toTaskEither(of(1))
  // @ts-expect-error: `f` does not return a watch
  folder.pipe(andThen(({ name }) => of(name)))
}

/** Values that `follow` accepts. */
export async function followed(
  client: OperationsClient,
  start: () => Promise<{ readonly name: string }>,
  startWithGax: () => Promise<[{ readonly name?: string }, object | undefined]>,
  parsed: unknown,
): Promise<void> {
  expectType<E.Either<FolderError, Operation<Folder, CreateFolderMetadata>>>()(
    client.follow(await start(), createFolder),
  )
  expectType<E.Either<FolderError, Operation<Folder, CreateFolderMetadata>>>()(
    of(1).pipe(switchMap(startWithGax), follow(client, createFolder)),
  )
  client.follow(await startWithGax())
  client.follow(parsed)
  client.follow(JSON.parse('{}'))
  client.follow<Folder, CreateFolderMetadata>(parsed, createFolder)
}

export function followMistakes(
  client: OperationsClient,
  start: () => Promise<{ readonly name: string }>,
  optional: { readonly name: string } | undefined,
): void {
  // @ts-expect-error: a Promise without await
  client.follow(start())
  // @ts-expect-error: undefined
  client.follow(undefined)
  // @ts-expect-error: a value that may be undefined
  client.follow(optional)
  // @ts-expect-error: a name
  client.follow('operations/cp.1')
  // @ts-expect-error: an array of names
  client.follow(['operations/cp.1'])
  // @ts-expect-error: an empty array
  client.follow([])
  // @ts-expect-error: an Observable
  client.follow(of({ name: 'operations/cp.1' }))
  // @ts-expect-error: an Observable of Promises
  of(start()).pipe(follow(client))
  // @ts-expect-error: a decoder instead of a descriptor
  client.follow({ name: 'operations/cp.1' }, createFolder.response)
  // @ts-expect-error: a function without a response
  client.start(() => undefined)
}

function succeeded<R>(response: R): Succeeded<R, string> {
  return { _tag: 'Succeeded', done: true, name: '', attempt: 1, elapsed: 0, response }
}

function succeededWith(response: string): E.Either<never, Operation<string, string>> {
  return E.right(succeeded(response))
}
