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

/** Returns the path of the report about an entry point. */
export function reportFile(subpath: string): string {
  return `docs/api/${subpath === '.' ? 'index' : subpath.slice(2)}.api.md`
}

/** The text of a report about the exports of an entry point, with the warnings and errors of API Extractor. */
export interface ApiReport {
  readonly text: string
  readonly problems: readonly string[]
}

/** Returns the report about a built declaration file. */
export function apiReport(declarationFile: string): ApiReport {
  const folder = mkdtempSync(join(tmpdir(), 'api-report-'))
  const problems: string[] = []
  try {
    Extractor.invoke(configOf(fileURLToPath(new URL(declarationFile, root)), folder), {
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

// API Extractor always reports that the report is new, because the report folder is empty.
function isProblem({ messageId, logLevel }: ExtractorMessage): boolean {
  return (
    [ExtractorLogLevel.Warning, ExtractorLogLevel.Error].includes(logLevel) &&
    messageId !== 'console-api-report-created'
  )
}

function configOf(entryFile: string, folder: string): ExtractorConfig {
  return ExtractorConfig.prepare({
    configObject: {
      projectFolder: fileURLToPath(root),
      mainEntryPointFilePath: entryFile,
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: 'es2022',
            module: 'nodenext',
            lib: ['es2022'],
            types: [],
            skipLibCheck: true,
          },
          files: [entryFile],
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
        // Unexported types are in the report, the package has no release tags such as @beta, and TypeDoc checks
        // documentation and links.
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
