import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  Extractor,
  ExtractorConfig,
  ExtractorLogLevel,
  type ExtractorMessage,
} from '@microsoft/api-extractor'
import { root } from '../documents.js'

/** Returns the file of an entry point's report. */
export function reportFile(subpath: string): string {
  return `docs/api/${subpath === '.' ? 'index' : subpath.slice(2)}.api.md`
}

/** The exports of an entry point of the built package as text, and the warnings and errors about them. */
export interface ApiReport {
  readonly text: string
  readonly problems: readonly string[]
}

/** Creates the report of the built declarations in a file. */
export function apiReport(types: string): ApiReport {
  const folder = mkdtempSync(join(tmpdir(), 'api-report-'))
  const problems: string[] = []
  try {
    Extractor.invoke(configOf(fileURLToPath(new URL(types, root)), folder), {
      localBuild: true,
      messageCallback: (message) => {
        if (isProblem(message)) problems.push(message.text)
        message.handled = true
      },
    })
    const text = readFileSync(join(folder, 'report.api.md'), 'utf8')
    return { text: text.replaceAll(/^ *\/\/ \(undocumented\)\n/gm, ''), problems }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

// The message that a report is new is expected: the folder is empty.
function isProblem({ messageId, logLevel }: ExtractorMessage): boolean {
  return (
    [ExtractorLogLevel.Warning, ExtractorLogLevel.Error].includes(logLevel) &&
    messageId !== 'console-api-report-created'
  )
}

function configOf(entry: string, folder: string): ExtractorConfig {
  return ExtractorConfig.prepare({
    configObject: {
      projectFolder: fileURLToPath(root),
      mainEntryPointFilePath: entry,
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: 'es2022',
            module: 'nodenext',
            lib: ['es2022'],
            types: [],
            skipLibCheck: true,
          },
          files: [entry],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: 'report.api.md',
        reportFolder: folder,
        reportTempFolder: folder,
        includeForgottenExports: true,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        // The report includes types that are not exported, the package has no release stages, and TypeDoc checks
        // the documentation.
        extractorMessageReporting: {
          default: { logLevel: ExtractorLogLevel.Warning },
          'ae-forgotten-export': { logLevel: ExtractorLogLevel.None },
          'ae-missing-release-tag': { logLevel: ExtractorLogLevel.None },
          'ae-undocumented': { logLevel: ExtractorLogLevel.None },
          'ae-unresolved-link': { logLevel: ExtractorLogLevel.None },
        },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: fileURLToPath(new URL('package.json', root)),
  })
}
