// The process of one contender over TLS. It runs a round of polls on request and responds with the cost.
import { respond } from '../child.ts'
import { measureRound, type Round } from '../cost/round.ts'
import { TLS_CONTENDERS, TLS_NAMES } from './contenders.ts'

const [, , argument, endpoint = ''] = process.argv
const name = TLS_NAMES.find((contender) => contender === argument)
if (name === undefined) throw new RangeError(`unknown contender "${argument}"`)
const contender = await TLS_CONTENDERS[name](endpoint)

respond((round: Round) => measureRound(contender, round))
