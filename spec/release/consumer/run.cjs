const { lastWords } = require('./last-words.cjs')

lastWords(
  require('rx-longrunning'),
  require('rx-longrunning/emulator'),
  require('rx-longrunning/resource-manager'),
)
