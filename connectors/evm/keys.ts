// Keys: every account of the platform from one mnemonic, a hardened branch for each purpose.
//
// Hardened, so that a key handed out of one branch says nothing about another: a bot runner gets
// the keys of its bots and can never derive custody. Pure derivation; nothing is stored here.

import { HDNodeWallet, Mnemonic } from 'ethers'

export const BRANCHES = [
  'deposits',
  'custody',
  'bots',
  'swappers',
  'deployer',
  'providers',
] as const
export type Branch = (typeof BRANCHES)[number]

export type Keys = {
  address(branch: Branch, index: number): string
  wallet(branch: Branch, index: number): HDNodeWallet
}

/** The accounts of a mnemonic; m/44'/60'/BRANCH'/0/INDEX. Throws for an invalid mnemonic. */
export function createKeys(mnemonic: string): Keys {
  const root = HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(mnemonic), "m/44'/60'")
  const branches = new Map<Branch, HDNodeWallet>()
  const derived = new Map<string, HDNodeWallet>()

  function node(branch: Branch): HDNodeWallet {
    const known = branches.get(branch)
    if (known !== undefined) return known
    const made = root.derivePath(`${BRANCHES.indexOf(branch)}'/0`)
    branches.set(branch, made)
    return made
  }

  function wallet(branch: Branch, index: number): HDNodeWallet {
    const name = `${branch}/${index}`
    const known = derived.get(name)
    if (known !== undefined) return known
    const made = node(branch).deriveChild(index)
    derived.set(name, made)
    return made
  }

  return { wallet, address: (branch, index) => wallet(branch, index).address }
}
