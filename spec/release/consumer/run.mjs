import * as index from 'rx-longrunning'
import * as emulator from 'rx-longrunning/emulator'
import * as manager from 'rx-longrunning/resource-manager'
import { printFinalResults } from './final-results.cjs'

await printFinalResults(index, emulator, manager)
