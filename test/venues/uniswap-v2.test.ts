// The numbered spec of venues over pools of Uniswap V2.

import { openPoolVenue } from './pool-venue.ts'
import { testVenue } from './spec.ts'

testVenue(await openPoolVenue('uniswap-v2'))
