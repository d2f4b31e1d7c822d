// Peers: packages that benchmarks compare with, installed on first use.
//
// They live in a folder of their own, which git ignores: nothing of Crossbook depends on them.
// Peer dependencies are left out, because Uniswap's packages ask for a whole Hardhat 2 by them.

import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'

const FOLDER = new URL('./peers/', import.meta.url)
const FLAGS = ['--no-audit', '--no-fund', '--no-package-lock', '--legacy-peer-deps']

/** Loads a CommonJS package; installs the peers when it is not there. What it is, callers know. */
export function requirePeer(name: string) {
  if (!existsSync(new URL(`node_modules/${name}/`, FOLDER))) {
    const args = ['install', ...FLAGS, '--ignore-scripts', '--prefix', FOLDER.pathname]
    execFileSync('npm', args, { stdio: ['ignore', 'ignore', 'inherit'] })
  }
  return createRequire(new URL('package.json', FOLDER))(name)
}
