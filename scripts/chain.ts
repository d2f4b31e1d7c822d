// npm run chain: the local chain alone, with Uniswap V2 and V3 and their pools, and our executor.
//
// It uses Hardhat's public mnemonic, so its accounts are anybody's: never send them anything of
// worth. What wallets and scripts need stands in CROSSBOOK_DATA/chain.json. Ctrl-C ends it, and
// with it everything on the chain.

import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { HDNodeWallet, hexlify, Mnemonic } from 'ethers'
import { StartError } from '#kernel/start-error.ts'
import { writeChainFile } from './chain/chain-file.ts'
import { summary } from './chain/chain-summary.ts'
import { deploy } from './chain/deploy.ts'
import { type LocalChain, startLocalChain } from './chain/local-chain.ts'
import { POOLS, pocketMoney, V3_POOLS } from './chain/local-pools.ts'

const PUBLIC_MNEMONIC = 'test test test test test test test test test test test junk'
const CHAIN_ID = 31_337
const ACCOUNTS = 20

const USAGE = `usage: npm run chain                          the local chain, until Ctrl-C
       npm run chain -- scenario NAME ...     something happens on the chain that runs
       npm run chain -- deploy token|pool ... one more of them on the chain that runs
       npm run chain -- list                  its tokens and pools
       npm run chain -- list market|asset ... one more of them on the exchange that runs

  CHAIN_PORT       its port, 8545 when not set; 0 takes any free one
  CROSSBOOK_DATA   the folder of chain.json, .crossbook when not set

example: CHAIN_PORT=9545 npm run chain
example: npm run chain -- scenario depeg --pool ETH-USDC --percent -20
more: npm run chain -- scenario --help; npm run chain -- deploy --help;
      npm run chain -- list market --help`

/** What is listed on the exchange and not on the chain. */
const ON_EXCHANGE: ReadonlySet<string | undefined> = new Set(['market', 'asset', 'approve'])

/** Answers the exit code: 0 done, 2 used wrongly; a refusal is a StartError. */
async function main([command, ...args]: string[]): Promise<number> {
  if (command === undefined) return await runChain()
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
  console.error(`there is no option ${command}\n${USAGE}`)
  return 2
}

async function runChain(): Promise<number> {
  const port = portOf(process.env.CHAIN_PORT ?? '8545')
  const folder = resolve(process.env.CROSSBOOK_DATA ?? '.crossbook')
  const funded = { mnemonic: PUBLIC_MNEMONIC, count: ACCOUNTS }
  const chain = await startLocalChain({ port, chainId: CHAIN_ID, funded, rollsBack: true })
  stopOnSignal(chain)
  const accounts = publicAccounts()
  const deployment = await deployFor(chain, accounts)
  const file = writeChainFile(folder, { rpcUrl: chain.url, deployment })
  console.log(summary({ chain, deployment, file, pools: POOLS, accounts }))
  await chain.ended
  return 0
}

function portOf(text: string): number {
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port <= 65_535) return port
  throw new StartError(`CHAIN_PORT must be a port from 0 to 65535, not '${text}'`)
}

/** The accounts every Hardhat user knows: m/44'/60'/0'/0/INDEX of the public mnemonic. */
function publicAccounts(): readonly HDNodeWallet[] {
  const root = HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(PUBLIC_MNEMONIC), "m/44'/60'/0'/0")
  return Array.from({ length: ACCOUNTS }, (_, index) => root.deriveChild(index))
}

function deployFor(chain: LocalChain, accounts: readonly HDNodeWallet[]) {
  const [deployer, ...others] = accounts
  if (deployer === undefined) throw new Error('no account to deploy with')
  const mints = others.flatMap(({ address }) => pocketMoney(address))
  const instanceId = hexlify(randomBytes(32))
  const operators = accounts.map(({ address }) => address)
  const pools = { pools: POOLS, v3Pools: V3_POOLS }
  return deploy({ rpc: chain.rpc, deployer, instanceId, ...pools, mints, operators })
}

function stopOnSignal(chain: LocalChain): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => chain.stop())
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof StartError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
