// chain.json: where the local chain is and what stands on it, for wallets and scripts.
//
// Addresses and ABIs only; no key is ever written here. Written whole and renamed into place, so a
// reader never sees half of it.

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readArtifact } from '#connectors/evm/artifacts.ts'
import type { Deployment } from '#connectors/evm/deployment.ts'
import { StartError } from '#kernel/start-error.ts'

export type ChainFile = { readonly rpcUrl: string; readonly deployment: Deployment }

/** Writes chain.json into the folder and answers its path. */
export function writeChainFile(folder: string, { rpcUrl, deployment }: ChainFile): string {
  const { chainId, ...addresses } = deployment
  const content = { chainId, rpcUrl, ...addresses, abis: contractAbis() }
  const file = join(folder, 'chain.json')
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeFileSync(`${file}.part`, `${JSON.stringify(content, undefined, 2)}\n`)
    renameSync(`${file}.part`, file)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new StartError(`cannot write ${file}: ${why}`)
  }
  return file
}

/** What chain.json of this folder says; a StartError when there is none. */
export function readChainFile(folder: string): ChainFile {
  const file = join(folder, 'chain.json')
  try {
    const { rpcUrl, abis: _, ...deployment } = JSON.parse(readFileSync(file, 'utf8'))
    return { rpcUrl, deployment }
  } catch {
    throw new StartError(`${file} cannot be read: start npm run chain first`)
  }
}

/** Of everything a deployment has. */
export function contractAbis() {
  return {
    executor: readArtifact('SwapExecutor').abi,
    erc20: readArtifact('TestToken').abi,
    weth: readArtifact('WETH9').abi,
    instance: readArtifact('ChainInstance').abi,
    factory: readArtifact('UniswapV2Factory').abi,
    router: readArtifact('UniswapV2Router02').abi,
    pair: readArtifact('UniswapV2Pair').abi,
    v3: {
      factory: readArtifact('UniswapV3Factory').abi,
      pool: readArtifact('UniswapV3Pool').abi,
      positions: readArtifact('NonfungiblePositionManager').abi,
      quoter: readArtifact('QuoterV2').abi,
      router: readArtifact('SwapRouter').abi,
      tickLens: readArtifact('TickLens').abi,
    },
  }
}
