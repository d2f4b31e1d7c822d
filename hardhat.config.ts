// Compiles contracts/ and runs their tests; nothing here is ever downloaded.
//
// The compiler is npm's solc: a `path` to soljson.js makes Hardhat run it as WebAssembly. A profile
// without its own path would try the network, so both profiles name it. With --coverage everything
// is compiled to count its lines: such artifacts stay apart, so that nobody deploys them.

import { createRequire } from 'node:module'
import nodeTestRunner from '@nomicfoundation/hardhat-node-test-runner'
import { defineConfig } from 'hardhat/config'

const soljson = createRequire(import.meta.url).resolve('solc/soljson.js')

const compiler = (runs: number) => ({
  version: '0.8.30',
  path: soljson,
  settings: { evmVersion: 'cancun', optimizer: { enabled: true, runs } },
})

const outputs = process.argv.includes('--coverage')
  ? { artifacts: './coverage/artifacts', cache: './coverage/cache' }
  : {}

export default defineConfig({
  plugins: [nodeTestRunner],
  paths: { ...outputs, tests: { nodejs: './test/contracts', solidity: './test/contracts' } },
  solidity: { profiles: { default: compiler(200), production: compiler(10_000) } },
  networks: {
    default: { type: 'edr-simulated', chainType: 'l1', chainId: 31_337 },
  },
  test: {
    solidity: {
      fuzz: { runs: 256, seed: '0x63726f7373626f6f6b' },
      invariant: { runs: 64, depth: 64, failOnRevert: true },
      // The published artifacts: pools are deployed from them, never compiled again.
      fsPermissions: { readDirectory: ['node_modules/@uniswap'] },
    },
  },
})
