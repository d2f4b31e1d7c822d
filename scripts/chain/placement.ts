// Placement: puts a contract on a development chain and knows its address before it is mined.
//
// The address follows from the sender and its nonce, so nothing waits for a receipt. A library that
// the published bytecode leaves open is linked by the references of its artifact.

import { getCreateAddress, Interface } from 'ethers'
import { type ContractName, link, readArtifact } from '#connectors/evm/artifacts.ts'
import type { Sender } from './sender.ts'

/** Creates one contract; answers its address. */
export type Place = (
  name: ContractName,
  args?: readonly unknown[],
  libraries?: Readonly<Record<string, string>>,
) => Promise<string>

export function createPlace(sender: Sender): Place {
  return async (name, args = [], libraries = {}) => {
    const artifact = readArtifact(name)
    const encoded = new Interface([...artifact.abi]).encodeDeploy([...args]).slice(2)
    const nonce = await sender.send({ data: link(artifact, libraries) + encoded })
    return getCreateAddress({ from: sender.address, nonce })
  }
}
