// Artifacts: ABI and creation code of contracts, ours as compiled and Uniswap's as published.
//
// Uniswap comes from the packages' own builds: compiling a pool again would change its init code
// hash, and with it every pool address that routers compute.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { JsonFragment } from 'ethers'
import { assert } from '#kernel/assert.ts'

const locate = createRequire(import.meta.url).resolve
const root = new URL('../../', import.meta.url)

export type Artifact = {
  readonly abi: readonly JsonFragment[]
  readonly bytecode: string
  /** File -> library -> the places of its address in the bytecode, in bytes. */
  readonly linkReferences?: Readonly<
    Record<string, Readonly<Record<string, readonly { readonly start: number }[]>>>
  >
}

const SOURCES = {
  TestToken: ours('mocks', 'TestToken'),
  ChainInstance: ours('libraries', 'ChainInstance'),
  BalanceSheet: ours('libraries', 'BalanceSheet'),
  SwapExecutor: ours('swap', 'SwapExecutor'),
  WETH9: () => locate('@uniswap/v2-periphery/build/WETH9.json'),
  UniswapV2Router02: () => locate('@uniswap/v2-periphery/build/UniswapV2Router02.json'),
  UniswapV2Factory: () => locate('@uniswap/v2-core/build/UniswapV2Factory.json'),
  UniswapV2Pair: () => locate('@uniswap/v2-core/build/UniswapV2Pair.json'),
  UniswapV3Factory: v3Core('UniswapV3Factory'),
  UniswapV3Pool: v3Core('UniswapV3Pool'),
  NonfungiblePositionManager: v3Periphery('', 'NonfungiblePositionManager'),
  NonfungibleTokenPositionDescriptor: v3Periphery('', 'NonfungibleTokenPositionDescriptor'),
  NFTDescriptor: v3Periphery('libraries/', 'NFTDescriptor'),
  SwapRouter: v3Periphery('', 'SwapRouter'),
  QuoterV2: v3Periphery('lens/', 'QuoterV2'),
  TickLens: v3Periphery('lens/', 'TickLens'),
} as const

export type ContractName = keyof typeof SOURCES

/** Reads an artifact from disk; throws when the contracts have not been compiled. */
export function readArtifact(name: ContractName): Artifact {
  const artifact: unknown = JSON.parse(readFileSync(SOURCES[name](), 'utf8'))
  assert(isArtifact(artifact), `${name} is not an artifact`)
  const { bytecode } = artifact
  return { ...artifact, bytecode: bytecode.startsWith('0x') ? bytecode : `0x${bytecode}` }
}

const ADDRESS_BYTES = 20

/** The creation code with the addresses of its libraries filled in; throws when one is missing. */
export function link(artifact: Artifact, libraries: Readonly<Record<string, string>>): string {
  let { bytecode } = artifact
  for (const named of Object.values(artifact.linkReferences ?? {})) {
    for (const [name, places] of Object.entries(named)) {
      const address = libraries[name]
      assert(address !== undefined, `the library ${name} is not given`)
      for (const { start } of places) {
        const from = 2 + 2 * start
        const rest = bytecode.slice(from + 2 * ADDRESS_BYTES)
        bytecode = bytecode.slice(0, from) + address.slice(2).toLowerCase() + rest
      }
    }
  }
  return bytecode
}

function ours(folder: string, name: string): () => string | URL {
  return () => new URL(`artifacts/contracts/${folder}/${name}.sol/${name}.json`, root)
}

function v3Core(name: string): () => string {
  return () => locate(`@uniswap/v3-core/artifacts/contracts/${name}.sol/${name}.json`)
}

function v3Periphery(folder: string, name: string): () => string {
  const path = `${folder}${name}.sol/${name}.json`
  return () => locate(`@uniswap/v3-periphery/artifacts/contracts/${path}`)
}

function isArtifact(value: unknown): value is Artifact {
  return typeof value === 'object' && value !== null && 'abi' in value && 'bytecode' in value
}
