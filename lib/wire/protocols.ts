import { CLOUD_SQL } from './cloud-sql.js'
import { COMPUTE } from './compute.js'
import { GKE } from './gke.js'
import { LONGRUNNING } from './longrunning.js'
import type { OperationProtocol } from './protocol.js'
import { VERTEX_PREDICTION } from './vertex-prediction.js'

/** The name of a protocol in the service catalog. */
export type ProtocolName = 'google.longrunning' | 'compute' | 'gke' | 'cloud-sql' | 'vertex-prediction'

/** The protocols of the service catalog by name. */
export const PROTOCOLS: Readonly<Record<ProtocolName, OperationProtocol>> = {
  'google.longrunning': LONGRUNNING,
  compute: COMPUTE,
  gke: GKE,
  'cloud-sql': CLOUD_SQL,
  'vertex-prediction': VERTEX_PREDICTION,
}
