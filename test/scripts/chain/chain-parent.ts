// A parent of a chain that is killed by its test: tells who its child is and waits.

import { startLocalChain } from '#scripts/chain/local-chain.ts'

const { pid, url } = await startLocalChain({ port: 0, chainId: 31_337 })
process.send?.({ pid, url })
