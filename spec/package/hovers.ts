import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { read, root } from '../documents.js'

/** The program whose constants have the hovers. */
const PROGRAM = 'spec/package/hover-expressions.ts'

/** The part of the API of TypeScript that is used. Its objects are passed on unchanged. */
interface TypeScript {
  readonly sys: Readonly<Record<'fileExists' | 'readFile' | 'readDirectory' | 'directoryExists', unknown>> & {
    readFile(file: string): string | undefined
  }
  readonly ScriptSnapshot: { fromString(text: string): unknown }
  getDefaultLibFilePath(options: object): string
  getParsedCommandLineOfConfigFile(file: string, options: object, host: object): { readonly options: object }
  displayPartsToString(parts: unknown): string
  createLanguageService(host: object): {
    getQuickInfoAtPosition(file: string, position: number): { readonly displayParts: unknown } | undefined
  }
}

/** Returns the text that an editor shows for each constant of the program, with an empty line between two texts. */
export function hovers(): string {
  const ts = loadTypeScript()
  const folder = fileURLToPath(root)
  const file = join(folder, PROGRAM)
  const { options } = ts.getParsedCommandLineOfConfigFile(join(folder, 'tsconfig.json'), {}, ts.sys)
  const { fileExists, readFile, readDirectory, directoryExists } = ts.sys
  const service = ts.createLanguageService({
    ...{ fileExists, readFile, readDirectory, directoryExists },
    getCompilationSettings: () => options,
    getScriptFileNames: () => [file],
    getScriptVersion: () => '1',
    getScriptSnapshot: (path: string) => {
      const text = ts.sys.readFile(path)
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text)
    },
    getCurrentDirectory: () => folder,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
  })
  const texts = [...read(PROGRAM).matchAll(/(?<=^ {2}const )\w+/gm)].map(({ index }) =>
    ts.displayPartsToString(service.getQuickInfoAtPosition(file, index)?.displayParts),
  )
  return `${texts.join('\n\n')}\n`
}

// TypeScript 7 has no language service for JavaScript programs. API Extractor depends on an earlier version.
function loadTypeScript(): TypeScript {
  const { resolve } = createRequire(import.meta.url)
  return createRequire(resolve('@microsoft/api-extractor/package.json'))('typescript')
}
