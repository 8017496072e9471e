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

/** The name of a door's report among the documents. */
export function reportFile(door: string): string {
  return `docs/api/${door === '.' ? 'index' : door.slice(2)}.api.md`
}

/** All that a door of the built package exports, written out; and what is wrong with it. */
export interface ApiReport {
  readonly text: string
  readonly complaints: readonly string[]
}

/** Reads the built declarations behind a door. */
export function apiReport(types: string): ApiReport {
  const folder = mkdtempSync(join(tmpdir(), 'api-report-'))
  const complaints: string[] = []
  try {
    Extractor.invoke(configOf(fileURLToPath(new URL(types, root)), folder), {
      localBuild: true,
      messageCallback: (message) => {
        if (isComplaint(message)) complaints.push(message.text)
        message.handled = true
      },
    })
    const text = readFileSync(join(folder, 'report.api.md'), 'utf8')
    return { text: text.replaceAll(/^ *\/\/ \(undocumented\)\n/gm, ''), complaints }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

// That the report in the empty folder is new is none.
function isComplaint({ messageId, logLevel }: ExtractorMessage): boolean {
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
        // Types without a name of their own outside are in the report too, there are no stages of release, and
        // what is written about the exports is TypeDoc's to judge.
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
