// The orders suite, near and far.

import { createFarAway } from './far-away.ts'
import { testOrders } from './orders-suite.ts'

await testOrders('in process', {}, () => {})

const { state, wrap } = createFarAway(7)
await testOrders('far away', { wrap }, () => {
  state.isFar = true
})
