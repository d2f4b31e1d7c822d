// npm run chain: the local chain alone, with Uniswap V2 and V3 and their pools, and our executor.
//
// It uses Hardhat's public mnemonic, so its accounts are anybody's: never send them anything of
// worth. What wallets and scripts need stands in CROSSBOOK_DATA/chain.json. Ctrl-C ends it, and
// with it everything on the chain, unless anvil makes it.

import { StartError } from '#kernel/start-error.ts'
import { readChainOptions } from './chain/chain-options.ts'
import { runChain } from './chain/run-chain.ts'

const USAGE = `usage: npm run chain [-- options]              the local chain, until Ctrl-C
       npm run chain -- scenario NAME ...     something happens on the chain that runs
       npm run chain -- deploy token|pool ... one more of them on the chain that runs
       npm run chain -- list                  its tokens and pools
       npm run chain -- list market|asset ... one more of them on the exchange that runs

  --engine anvil      the program that makes it: hardhat when not given. anvil keeps the state when
                      it is stopped and goes on from there: same addresses, balances and blocks
  --fresh             what anvil kept is thrown away
  --fork URL --deployment FILE [--fork-block N]
                      begins with the state of the chain behind that node; FILE has its addresses,
                      as chain.json and docs/mainnet.json. A fork is not kept

  CHAIN_PORT       its port, 8545 when not set; 0 takes any free one
  CROSSBOOK_DATA   the folder of chain.json, .crossbook when not set

example: CHAIN_PORT=9545 npm run chain
example: npm run chain -- --engine anvil
example: npm run chain -- scenario depeg --pool ETH-USDC --percent -20
more: npm run chain -- scenario --help; npm run chain -- deploy --help;
      npm run chain -- list market --help`

/** What is listed on the exchange and not on the chain. */
const ON_EXCHANGE: ReadonlySet<string | undefined> = new Set(['market', 'asset', 'approve'])

/** Answers the exit code: 0 done, 2 used wrongly; a refusal is a StartError. */
async function main([command = '', ...args]: string[]): Promise<number> {
  if (command === '--help') {
    console.log(USAGE)
    return 0
  }
  if (command === 'scenario') {
    const { main: runScenario } = await import('./chain/scenario-command.ts')
    return await runScenario(args)
  }
  if (command === 'list' && ON_EXCHANGE.has(args[0])) {
    const { main: runList } = await import('./chain/list-command.ts')
    return await runList(args)
  }
  if (command === 'deploy' || command === 'list') {
    const { main: runDeploy } = await import('./chain/deploy-command.ts')
    return await runDeploy([command, ...args])
  }
  const options = readChainOptions(process.argv.slice(2))
  if ('wrong' in options) {
    console.error(`there is no option ${options.wrong}\n${USAGE}`)
    return 2
  }
  await runChain(options)
  return 0
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof StartError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
