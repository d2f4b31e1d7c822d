// Address book: who deposits where.
//
// One address an account, the same for every asset with a token, derived from the account's number;
// the row says which assets are watched there. Once given out an address is watched for ever.

import type { Clock } from '#kernel/time.ts'
import type { AddressRow, WalletStore } from './store.ts'

export type AddressBook = {
  load(): Promise<void>
  give(row: AddressRow): Promise<void>
  find(account: number, asset: string): string | undefined
  all(): readonly AddressRow[]
  of(account: number): readonly AddressRow[]
  /** The account behind an address in lower case. */
  accountAt(address: string): number | undefined
  /** Every address once. */
  addresses(): readonly string[]
}

export function createAddressBook(store: WalletStore, clock: Clock): AddressBook {
  const rows = new Map<string, AddressRow>()
  const accounts = new Map<string, number>()

  function remember(row: AddressRow): void {
    rows.set(`${row.account}/${row.asset}`, row)
    accounts.set(row.address.toLowerCase(), row.account)
  }

  return {
    async load() {
      for (const row of await store.addresses()) remember(row)
    },
    async give(row) {
      await store.addAddress({ ...row, createdAt: clock() })
      remember(row)
    },
    find: (account, asset) => rows.get(`${account}/${asset}`)?.address,
    all: () => [...rows.values()],
    of: (account) => [...rows.values()].filter((row) => row.account === account),
    accountAt: (address) => accounts.get(address),
    addresses: () => [...new Set([...rows.values()].map((row) => row.address))],
  }
}
