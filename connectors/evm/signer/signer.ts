// Signer: a wallet behind a policy.
//
// What it hands out has an address and the port's one question; the wallet stays in a closure, so
// that no log line, no error and no JSON of anything that holds a signer can hold its key.

import { keccak256, type TransactionLike } from 'ethers'
import type { Policy } from './policy.ts'
import type { SignerPort } from './port.ts'

/** What ethers' wallets are, as far as we need them. */
export type SigningWallet = {
  readonly address: string
  signTransaction(transaction: TransactionLike): Promise<string>
}

export function createSigner(wallet: SigningWallet, policy: Policy): SignerPort {
  return {
    address: wallet.address,
    async sign(transaction) {
      const refused = policy.refusal(transaction)
      if (refused !== undefined) return refused
      // Field by field: what else the object may carry is not signed.
      const { chainId, nonce, to, data, value, gasLimit } = transaction
      const { maxFeePerGas, maxPriorityFeePerGas } = transaction
      const raw = await wallet.signTransaction({
        ...{ type: 2, chainId, nonce, to, data, value, gasLimit },
        ...{ maxFeePerGas, maxPriorityFeePerGas },
      })
      return { kind: 'signed', raw, hash: keccak256(raw) }
    },
  }
}
