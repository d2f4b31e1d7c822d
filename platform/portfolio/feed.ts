// Account feed: orders, fills and balances of one account as they change, for the stream.
//
// A message is formatted once however many listen, and not at all when nobody does. Every message
// says the whole new state of its order or balance and takes its own accountSeq (INV-09).

import type { AccountId } from '#kernel/ids.ts'
import { balanceJson, fillJson, orderJson } from '#views/format.ts'
import type { LiveViews } from '#views/live/live-views.ts'
import type { PrivateMessage } from '#views/live/message-slots.ts'
import type { AccountFeed, PrivateChannel } from './port.ts'

type Listener = (text: string) => void

export function createAccountFeed(views: LiveViews): AccountFeed {
  const accounts = new Map<AccountId, Record<PrivateChannel, Set<Listener>>>()
  const listenersOf = (account: AccountId, channel: PrivateChannel) =>
    accounts.get(account)?.[channel]
  const stop = views.listen({
    wants: (account, channel) => (listenersOf(account, channel)?.size ?? 0) > 0,
    message: (message) => {
      const text = textOf(views, message)
      for (const listener of listenersOf(message.account, message.channel) ?? []) listener(text)
    },
  })
  return {
    lastSeq: views.accountSeq,
    subscribe: ({ name, account }, listener) => {
      const channels = accounts.get(account) ?? noListeners()
      accounts.set(account, channels)
      channels[name].add(listener)
      return () => {
        channels[name].delete(listener)
        if (isEmpty(channels) && accounts.get(account) === channels) accounts.delete(account)
      }
    },
    since: (account, accountSeq, names) => {
      const messages = views.messagesFrom(account, accountSeq)
      if (messages === null) return null
      return messages.filter(({ channel }) => names.has(channel)).map((one) => textOf(views, one))
    },
    close: stop,
  }
}

function noListeners(): Record<PrivateChannel, Set<Listener>> {
  return { orders: new Set(), fills: new Set(), balances: new Set() }
}

function isEmpty({ orders, fills, balances }: Record<PrivateChannel, Set<Listener>>): boolean {
  return orders.size + fills.size + balances.size === 0
}

function textOf({ listing }: LiveViews, message: PrivateMessage): string {
  const { channel, account, accountSeq, at } = message
  const head = { channel, account, accountSeq, at }
  if (message.channel === 'orders') {
    return JSON.stringify({ ...head, order: orderJson(listing, message.order) })
  }
  if (message.channel === 'fills') {
    return JSON.stringify({ ...head, fill: fillJson(listing, message.fill) })
  }
  return JSON.stringify({ ...head, balance: balanceJson(listing, message.balance) })
}
