// A CommonJS program that is only compiled.
import rx = require('rx-longrunning')
import manager = require('rx-longrunning/resource-manager')

export const watch = rx.watchOperation('operations/cp.1', manager.createProject)
