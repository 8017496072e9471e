// The process of one contender. It runs a round of polls on request and responds with the cost.
import { respond } from '../child.ts'
import { CONTENDER_NAMES, CONTENDERS } from './contenders.ts'
import { measureRound, type Round } from './round.ts'

const [, , argument, endpoint = ''] = process.argv
const name = CONTENDER_NAMES.find((contender) => contender === argument)
if (name === undefined) throw new RangeError(`unknown contender "${argument}"`)
const contender = await CONTENDERS[name](endpoint)

respond((round: Round) => measureRound(contender, round))
