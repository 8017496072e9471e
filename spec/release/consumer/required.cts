// A CommonJS program that the release check compiles and does not run.
import rx = require('rx-longrunning')
import manager = require('rx-longrunning/resource-manager')

export const watch = rx.watchOperation('operations/cp.1', manager.createProject)
