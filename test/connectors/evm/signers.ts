// Signers of tests: for what is not about a policy, one that signs whatever it is asked.

import type { Policy } from '#connectors/evm/signer/policy.ts'
import type { SignerPort } from '#connectors/evm/signer/port.ts'
import { createSigner, type SigningWallet } from '#connectors/evm/signer/signer.ts'

const ANYTHING: Policy = { refusal: () => undefined }

export function signsAnything(wallet: SigningWallet): SignerPort {
  return createSigner(wallet, ANYTHING)
}
