// Runs the Solidity tests of contracts/ with Hardhat and tells the parent process the counts.
//
// Its own process, because Hardhat prints as it goes and changes the environment it runs in.

import hre from 'hardhat'

type Summary = { readonly passed: number; readonly failed: number; readonly skipped: number }
type TaskResult = { readonly success: boolean } & Partial<
  Record<'value' | 'error', { readonly summary: Summary }>
>

const result: TaskResult = await hre.tasks.getTask(['test', 'solidity']).run({})
process.send?.((result.success ? result.value : result.error)?.summary)
process.disconnect()
