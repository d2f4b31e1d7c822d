// Artifacts: ABI and creation code of contracts, ours as compiled and Uniswap's as published.
//
// Uniswap V2 comes from the packages' own build: compiling a pair again would change its init code
// hash, and with it every pair address the router computes.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { JsonFragment } from 'ethers'
import { assert } from '#kernel/assert.ts'

const locate = createRequire(import.meta.url).resolve
const root = new URL('../../', import.meta.url)

export type Artifact = { readonly abi: readonly JsonFragment[]; readonly bytecode: string }

const SOURCES = {
  TestToken: ours('mocks', 'TestToken'),
  ChainInstance: ours('libraries', 'ChainInstance'),
  BalanceSheet: ours('libraries', 'BalanceSheet'),
  WETH9: () => locate('@uniswap/v2-periphery/build/WETH9.json'),
  UniswapV2Router02: () => locate('@uniswap/v2-periphery/build/UniswapV2Router02.json'),
  UniswapV2Factory: () => locate('@uniswap/v2-core/build/UniswapV2Factory.json'),
  UniswapV2Pair: () => locate('@uniswap/v2-core/build/UniswapV2Pair.json'),
} as const

export type ContractName = keyof typeof SOURCES

/** Reads an artifact from disk; throws when the contracts have not been compiled. */
export function readArtifact(name: ContractName): Artifact {
  const artifact: unknown = JSON.parse(readFileSync(SOURCES[name](), 'utf8'))
  assert(isArtifact(artifact), `${name} is not an artifact`)
  const { abi, bytecode } = artifact
  return { abi, bytecode: bytecode.startsWith('0x') ? bytecode : `0x${bytecode}` }
}

function ours(folder: string, name: string): () => string | URL {
  return () => new URL(`artifacts/contracts/${folder}/${name}.sol/${name}.json`, root)
}

function isArtifact(value: unknown): value is Artifact {
  return typeof value === 'object' && value !== null && 'abi' in value && 'bytecode' in value
}
