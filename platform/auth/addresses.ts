// Addresses: the networks from which an API key may be used.
//
// Addresses and networks in CIDR notation, IPv4 and IPv6. An IPv4 address that came over an IPv6
// socket is the IPv4 address that it is.

import { BlockList, isIP } from 'node:net'

export type AddressList = { readonly has: (address: string | undefined) => boolean }

const NETWORK = /^([0-9a-fA-F.:]{2,45})(?:\/([0-9]{1,3}))?$/
const MAPPED = /^::ffff:([0-9.]+)$/i

/** undefined when one of the texts is no address and no network. */
export function addressList(texts: readonly string[]): AddressList | undefined {
  const list = new BlockList()
  for (const text of texts) {
    const [, address = '', prefix] = NETWORK.exec(text) ?? []
    const family = isIP(address)
    const bits = prefix === undefined ? undefined : Number(prefix)
    if (family === 0 || (bits !== undefined && bits > (family === 4 ? 32 : 128))) return undefined
    const type = family === 4 ? 'ipv4' : 'ipv6'
    if (bits === undefined) list.addAddress(address, type)
    else list.addSubnet(address, bits, type)
  }
  return {
    has: (given) => {
      const address = MAPPED.exec(given ?? '')?.[1] ?? given ?? ''
      const family = isIP(address)
      return family !== 0 && list.check(address, family === 4 ? 'ipv4' : 'ipv6')
    },
  }
}
