// The orders suite, near and far.

import { createFarAway } from './far-away.ts'
import { createTraders, testOrders } from './orders-suite.ts'

const { state, wrap } = createFarAway(7)
const near = await createTraders()
const far = await createTraders(wrap)
state.isFar = true

testOrders('in process', near)
testOrders('far away', far)
