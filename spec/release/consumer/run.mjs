import * as front from 'rx-longrunning'
import * as emulator from 'rx-longrunning/emulator'
import * as manager from 'rx-longrunning/resource-manager'
import { lastWords } from './last-words.cjs'

await lastWords(front, emulator, manager)
