import { readdirSync } from 'node:fs'
import { read, root } from '../documents.js'
import { type Base, type Declaration, declarationsIn, type Member } from './declarations.js'
import { optionRules } from './ioredis-options.js'

/** A section of the page: a type of options, and the calls or options that accept a value of this type. */
interface Section {
  readonly title: string
  readonly calls: string
  readonly type: string
}

const SECTIONS: Readonly<Record<string, readonly Section[]>> = {
  'rx-longrunning': [
    { title: 'OperationsClient', calls: '`new OperationsClient(options)`', type: 'ClientOptions' },
    { title: 'rateLimit', calls: 'the option `rateLimit` of a client or a worker', type: 'RateLimitOptions' },
    { title: 'batch', calls: 'the option `batch` of a client', type: 'BatchOptions' },
    {
      title: 'clientCertificate',
      calls: 'the option `clientCertificate` of a client',
      type: 'ClientCertificate',
    },
    {
      title: 'watch and follow',
      calls:
        '`client.watch(name, options)`, `client.follow(started, options)` and the operator `follow(client, options)`',
      type: 'WatchOptions',
    },
    {
      title: 'watchOperation',
      calls: '`watchOperation(name, options)`',
      type: 'WatchOperationOptions',
    },
    { title: 'watchAll', calls: '`client.watchAll(names, options)`', type: 'WatchAllOptions' },
    { title: 'start', calls: '`client.start(call, options)`', type: 'StartOptions' },
    { title: 'get', calls: '`client.get(name, options)`', type: 'GetOptions' },
    { title: 'wait', calls: '`client.wait(name, options)`', type: 'WaitOptions' },
    { title: 'list', calls: '`client.list(parent, options)`', type: 'ListOptions' },
    {
      title: 'cancel and delete',
      calls: '`client.cancel(name, options)` and `client.delete(name, options)`',
      type: 'RetryOptions',
    },
    { title: 'step', calls: '`client.step(state, options)`', type: 'StepOptions' },
    { title: 'balanced', calls: '`balanced(options)`', type: 'BalancedOptions' },
    { title: 'lagBounded', calls: '`lagBounded(options)`', type: 'LagBoundedOptions' },
    { title: 'learned', calls: '`learned(options)`', type: 'LearnedOptions' },
    { title: 'learned: maxWait', calls: 'the option `maxWait` of `learned(options)`', type: 'MaxWait' },
    { title: 'exponential', calls: '`exponential(options)`', type: 'ExponentialOptions' },
    { title: 'constant', calls: '`constant(options)`', type: 'ConstantOptions' },
    { title: 'explain', calls: '`explain(schedule, durationMs, options)`', type: 'ExplainOptions' },
    { title: 'progress', calls: 'the operator `progress(options)`', type: 'ProgressOptions' },
    { title: 'toTaskEither', calls: '`toTaskEither(watch, options)`', type: 'ToTaskEitherOptions' },
    { title: 'resumeToken', calls: '`resumeToken(name, options)`', type: 'ResumeTokenOptions' },
    { title: 'defineProtocol', calls: '`defineProtocol(definition)`', type: 'ProtocolDefinition' },
    { title: 'service', calls: '`service(name, options)`', type: 'ServiceOptions' },
    { title: 'locate', calls: '`locate(url, options)`', type: 'LocateOptions' },
  ],
  'rx-longrunning/bullmq': [
    { title: 'createTracker', calls: '`createTracker(options)`', type: 'TrackerOptions' },
    { title: 'tracker.watch', calls: '`tracker.watch(name, options)`', type: 'TrackerWatchOptions' },
    { title: 'createWorker', calls: '`createWorker(options)`', type: 'WorkerOptions' },
  ],
  'rx-longrunning/emulator': [
    { title: 'startEmulator', calls: '`startEmulator(options)`', type: 'EmulatorOptions' },
    { title: 'randomFaults', calls: '`randomFaults(options)`', type: 'RandomFaultsOptions' },
  ],
  'rx-longrunning/opentelemetry': [
    { title: 'instrument', calls: '`instrument(options)`', type: 'InstrumentOptions' },
  ],
  'rx-longrunning/nestjs': [
    {
      title: 'OperationsModule.forRoot',
      calls: '`OperationsModule.forRoot(options)`',
      type: 'OperationsModuleOptions',
    },
    {
      title: 'OperationsModule.forRootAsync',
      calls: '`OperationsModule.forRootAsync(options)`',
      type: 'OperationsModuleAsyncOptions',
    },
  ],
  'rx-longrunning/temporal': [
    { title: 'waitOperation', calls: '`waitOperation(client, options)`', type: 'WaitActivityOptions' },
  ],
}

const INTRODUCTION = `# Options

Every option of every public function and method. \`npm run docs:options\` generates this page from the doc comments in the source.
Options outside their range, and misspelled names of options of a client or a watch, throw \`InvalidOption\` when the function is called.
`

/** The URL of the file to which the page is written. */
export const PAGE_URL: URL = new URL('docs/OPTIONS.md', root)

const allSections: readonly Section[] = Object.values(SECTIONS).flat()
const declarations: readonly Declaration[] = readdirSync(new URL('lib', root), { recursive: true })
  .map(String)
  .filter((file) => file.endsWith('.ts') && !file.startsWith('cli/'))
  .flatMap((file) => declarationsIn(read(`lib/${file}`)))

function declarationOf(type: string): Declaration {
  const [declaration, ...duplicates] = declarations.filter(({ name }) => name === type)
  if (declaration === undefined || duplicates.length > 0)
    throw new Error(
      `${type} must be declared once in lib, found ${duplicates.length + Number(!!declaration)}`,
    )
  return declaration
}

/** Returns the content of the page. */
export function pageText(): string {
  const sectionTexts = Object.entries(SECTIONS).flatMap(([entryPoint, sections]) => [
    `## ${entryPoint}\n`,
    ...sections.map(sectionText),
    ...(entryPoint === 'rx-longrunning/bullmq' ? [ioredisText()] : []),
  ])
  return [INTRODUCTION, ...sectionTexts].join('\n')
}

/** Returns the types that have a section, and the types whose members are listed in a section of another type. */
export function coveredTypes(): ReadonlySet<string> {
  return new Set(allSections.flatMap(({ type }) => [type, ...inlinedTypesIn(type)]))
}

function inlinedTypesIn(type: string): readonly string[] {
  const bases = declarationOf(type).bases.filter(({ name }) => sectionOf(name) === undefined)
  return bases.flatMap(({ name }) => [name, ...inlinedTypesIn(name)])
}

function sectionOf(type: string): Section | undefined {
  return allSections.find((section) => section.type === type)
}

function ioredisText(): string {
  return [
    '### Options of ioredis\n',
    'The option `connection` of trackers and workers accepts options of ioredis, and ioredis clients with these options. In a URL,',
    'the path is the number of the database, and the query may contain options.\n',
    '| option of ioredis | rule | reason |',
    '|---|---|---|',
    ...optionRules().map(([name, rule, reason = '']) => `| \`${name}\` | ${rule} | ${escapedCell(reason)} |`),
    '',
  ].join('\n')
}

function sectionText({ title, calls, type }: Section): string {
  const rows = membersOf(type).map(
    ({ name, isOptional, type: memberType, description, defaultValue = '—' }) =>
      `| \`${name}\` | ${escapedCell(`\`${memberType}\``)} | ${escapedCell(description)} | ${isOptional ? escapedCell(defaultValue) : 'required'} |`,
  )
  const table = ['| option | type | description | default |', '|---|---|---|---|', ...rows, ''].join('\n')
  const links = linksOf(type).map((link) => `- ${link}\n`)
  return [
    `### ${title}\n`,
    `\`${type}\`: ${calls}.\n`,
    ...(links.length > 0 ? [`It includes:\n\n${links.join('')}`] : []),
    ...(rows.length > 0 ? [table] : []),
  ].join('\n')
}

/** Returns the members of a type, and the members of its bases that have no section. */
function membersOf(type: string): readonly Member[] {
  const { bases, members } = declarationOf(type)
  const basesWithoutSection = bases.filter(({ name }) => sectionOf(name) === undefined)
  return [
    ...members,
    ...basesWithoutSection.flatMap((base) =>
      membersOf(base.name).filter(({ name }) => includesMember(base, name)),
    ),
  ]
}

function includesMember({ only, without = [] }: Base, name: string): boolean {
  return (only?.includes(name) ?? true) && !without.includes(name)
}

function linksOf(type: string): readonly string[] {
  return declarationOf(type).bases.flatMap(({ name, only, without }) => {
    const section = sectionOf(name)
    if (section === undefined) return linksOf(name)
    const link = `[${section.title}](#${section.title.toLowerCase().replaceAll('.', '').replaceAll(' ', '-')})`
    if (only !== undefined) return [`${codeList(only)} of ${link}`]
    return [
      without === undefined ? `all options of ${link}` : `all options of ${link} except ${codeList(without)}`,
    ]
  })
}

function codeList(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ')
}

function escapedCell(text: string): string {
  return text.replaceAll('|', '\\|')
}
