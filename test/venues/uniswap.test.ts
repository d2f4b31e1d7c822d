// The numbered spec of venues over all pools together, where an order takes the best route.

import { openPoolVenue } from './pool-venue.ts'
import { testVenue } from './spec.ts'

testVenue(await openPoolVenue('uniswap'))
