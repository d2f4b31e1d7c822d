// Runs the local chain until Ctrl-C: a new one, one that anvil kept, or a fork of another.
//
// What anvil keeps lies in the data folder under anvil/: the state, and the deployment that is on
// it. It is taken up only when the marker contract on the chain has the deployment's id; a state
// that fits nothing is never guessed at.

import { randomBytes } from 'node:crypto'
import { copyFileSync, existsSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { HDNodeWallet, hexlify, Mnemonic } from 'ethers'
import type { Deployment } from '#connectors/evm/deployment.ts'
import { StartError } from '#kernel/start-error.ts'
import { readChainFile, writeChainFile } from './chain-file.ts'
import type { ChainOptions } from './chain-options.ts'
import { summary } from './chain-summary.ts'
import { deploy, readInstance } from './deploy.ts'
import { deployOnFork, forkedChainId, readForkedDeployment } from './fork.ts'
import { type LocalChain, startLocalChain } from './local-chain.ts'
import { POOLS, pocketMoney, V3_POOLS } from './local-pools.ts'
import { PUBLIC_MNEMONIC } from './settings.ts'

const CHAIN_ID = 31_337
const ACCOUNTS = 20

export async function runChain(options: ChainOptions): Promise<void> {
  const folder = resolve(process.env.CROSSBOOK_DATA ?? '.crossbook')
  const port = portOf(process.env.CHAIN_PORT ?? '8545')
  const stateFile = stateFileIn(folder, options)
  const isKept = stateFile !== undefined && existsSync(stateFile)
  const forked = await forkedBy(options)
  const chain = await startLocalChain({
    ...{ port, chainId: forked?.chainId ?? CHAIN_ID, engine: options.engine, rollsBack: true },
    funded: { mnemonic: PUBLIC_MNEMONIC, count: ACCOUNTS },
    ...(options.fork === undefined ? {} : { fork: options.fork }),
    ...(stateFile === undefined ? {} : { stateFile }),
  })
  stopOnSignal(chain, () => keepDeployment(folder, stateFile))
  const accounts = publicAccounts()
  try {
    const kept = isKept ? await keptDeployment(chain, folder) : undefined
    const deployment = kept ?? (await deployFor(chain, accounts, forked))
    const isSaved = stateFile !== undefined
    if (isSaved) writeChainFile(anvilFolder(folder), chainFile(chain, deployment))
    const file = writeChainFile(folder, chainFile(chain, deployment))
    const pools = forked === undefined ? POOLS : []
    console.log(summary({ chain, deployment, file, pools, accounts, isSaved }))
  } catch (error) {
    await chain.stop()
    throw error
  }
  await chain.ended
}

function chainFile({ url }: LocalChain, deployment: Deployment) {
  return { rpcUrl: url, deployment }
}

function anvilFolder(folder: string): string {
  return join(folder, 'anvil')
}

/** A fork is not kept: what it would be loaded upon has gone on. */
function stateFileIn(folder: string, { engine, fresh, fork }: ChainOptions): string | undefined {
  if (engine !== 'anvil' || fork !== undefined) return undefined
  if (fresh) rmSync(anvilFolder(folder), { recursive: true, force: true })
  return join(anvilFolder(folder), 'state.json')
}

/** What commands put on the chain while it ran stands in chain.json. */
function keepDeployment(folder: string, stateFile: string | undefined): void {
  if (stateFile === undefined) return
  try {
    copyFileSync(join(folder, 'chain.json'), join(anvilFolder(folder), 'chain.json'))
  } catch {
    // Stopped before anything stood; the next start finds no deployment and says so.
  }
}

/** The newer file first: it may be of another chain that ran in this folder since. */
async function keptDeployment({ rpc }: LocalChain, folder: string): Promise<Deployment> {
  for (const place of [folder, anvilFolder(folder)]) {
    if (!existsSync(join(place, 'chain.json'))) continue
    const { deployment } = readChainFile(place)
    const { id, address } = deployment.instance
    if ((await readInstance(rpc, address)) === id) return deployment
  }
  throw new StartError('what anvil kept has no deployment of ours: begin anew with --fresh')
}

type Forked = { readonly chainId: number; readonly deployment: Deployment }

async function forkedBy({ fork, deploymentFile }: ChainOptions): Promise<Forked | undefined> {
  if (fork === undefined || deploymentFile === undefined) return undefined
  const chainId = await forkedChainId(fork)
  return { chainId, deployment: readForkedDeployment(resolve(deploymentFile), chainId) }
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

function deployFor(
  { rpc }: LocalChain,
  accounts: readonly HDNodeWallet[],
  forked: Forked | undefined,
): Promise<Deployment> {
  const [deployer, ...others] = accounts
  if (deployer === undefined) throw new Error('no account to deploy with')
  const operators = accounts.map(({ address }) => address)
  if (forked !== undefined) {
    return deployOnFork({ rpc, deployer, deployment: forked.deployment, operators })
  }
  const mints = others.flatMap(({ address }) => pocketMoney(address))
  const instanceId = hexlify(randomBytes(32))
  const pools = { pools: POOLS, v3Pools: V3_POOLS }
  return deploy({ rpc, deployer, instanceId, ...pools, mints, operators })
}

function stopOnSignal(chain: LocalChain, beforehand: () => void): void {
  const stop = () => {
    beforehand()
    void chain.stop()
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
}
