// The numbered spec of venues over pools of Uniswap V3.

import { openPoolVenue } from './pool-venue.ts'
import { testVenue } from './spec.ts'

testVenue(await openPoolVenue('uniswap-v3'))
