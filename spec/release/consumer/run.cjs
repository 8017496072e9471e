const { printFinalResults } = require('./final-results.cjs')

printFinalResults(
  require('rx-longrunning'),
  require('rx-longrunning/emulator'),
  require('rx-longrunning/resource-manager'),
)
