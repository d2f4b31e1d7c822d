// Routes of deposit addresses, deposits and withdrawals.
//
// A withdrawal's answer is made of its own event, so that a repetition with the same requestId is
// the same bytes. Asking for an address again answers the same one. Foreign and missing are one
// 404.

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox'
import { type AccountId, asId, type OrderId } from '#kernel/ids.ts'
import type { Result } from '#kernel/result.ts'
import type { Clock } from '#kernel/time.ts'
import type { Principal, RouteAuth } from '#platform/auth/port.ts'
import {
  deadlineOf,
  limitOf,
  Nothing,
  principalOf,
  REFUSED,
  refused,
  wholeOf,
} from '#platform/http/port.ts'
import type { AccountAccess } from '#platform/portfolio/port.ts'
import type { Sequencer } from '#sequencer/port.ts'
import type { AccountHistory } from '#views/account-history.ts'
import { depositJson, withdrawalJson } from '#views/format.ts'
import type { LiveViews } from '#views/live/live-views.ts'
import { requestedWithdrawal } from '#views/live/live-withdrawals.ts'
import type { Wallet } from './port.ts'
import { withdrawalSubmission } from './request-withdrawal.ts'
import * as schemas from './schemas.ts'

export type WalletRoutesDeps = {
  readonly sequencer: Pick<Sequencer, 'submit'>
  readonly views: LiveViews
  readonly history: AccountHistory
  readonly access: AccountAccess
  readonly wallet: Pick<Wallet, 'depositAddress' | 'addressesOf' | 'isPayable'>
  readonly registeredAddress: (account: AccountId) => string | undefined
  readonly clock: Clock
}

type Plugin = FastifyPluginCallbackTypebox

const READ: RouteAuth = { scope: 'read' }
const TRADE: RouteAuth = { scope: 'trade' }
const TAGS = ['wallet']

/** The plugin with all routes of this module. */
export function walletRoutes(deps: WalletRoutesDeps): Plugin {
  return (app, _options, done) => {
    void app.register(addressRoutes(deps))
    void app.register(depositRoute(deps))
    void app.register(requestRoute(deps))
    void app.register(withdrawalRoutes(deps))
    done()
  }
}

function addressRoutes({ access, wallet }: WalletRoutesDeps): Plugin {
  return (app, _options, done) => {
    app.get(
      '/v1/deposit-addresses',
      {
        config: { auth: READ },
        schema: {
          tags: TAGS,
          querystring: schemas.AccountQuery,
          response: { 200: schemas.DepositAddresses, ...REFUSED },
        },
      },
      async (request, reply) => {
        const accounts = accountsOf(access, principalOf(request), request.query)
        if (accounts.length === 0) return refused(reply, { code: 'not_found' })
        const items = accounts.flatMap((account) =>
          wallet.addressesOf(account).map((row) => ({ ...row, account })),
        )
        return { items: items.map(addressJson), next: null }
      },
    )
    app.post(
      '/v1/deposit-addresses',
      {
        config: { auth: TRADE },
        schema: {
          tags: TAGS,
          querystring: Nothing,
          body: schemas.NewAddressBody,
          response: { 201: schemas.OneAddress, ...REFUSED },
        },
      },
      async (request, reply) => {
        const { asset, account: asked } = request.body
        const account = access.resolve(principalOf(request), asked)
        if (!account.ok) return refused(reply, account)
        const address = await wallet.depositAddress(account.value, asset)
        if (address === undefined) return refused(reply, { code: 'asset.unknown' })
        const row = { account: account.value, asset, address }
        return reply.code(201).send({ depositAddress: addressJson(row) })
      },
    )
    done()
  }
}

function depositRoute({ access, history, views }: WalletRoutesDeps): Plugin {
  return (app, _options, done) => {
    app.get(
      '/v1/deposits',
      {
        config: { auth: READ },
        schema: {
          tags: TAGS,
          querystring: schemas.ListQuery,
          response: { 200: schemas.DepositPage, ...REFUSED },
        },
      },
      async (request, reply) => {
        const query = listQuery(access, principalOf(request), request.query)
        if (query === undefined) return refused(reply, { code: 'not_found' })
        const page = await history.deposits(query)
        const items = page.items.map((row) => depositJson(views.listing, row))
        return { items, next: cursorText(page.next), asOfSeq: page.asOfSeq }
      },
    )
    done()
  }
}

function requestRoute(deps: WalletRoutesDeps): Plugin {
  const { sequencer, views, access, wallet, registeredAddress, clock } = deps
  const rules = { listing: views.listing, isPayable: wallet.isPayable, registeredAddress }
  return (app, _options, done) => {
    app.post(
      '/v1/withdrawals',
      {
        // Where a key of scope rebalance may withdraw to is for the rules of addresses.
        config: { auth: { scope: ['withdraw', 'rebalance'] } },
        schema: {
          tags: TAGS,
          querystring: Nothing,
          body: schemas.WithdrawalBody,
          response: { 201: schemas.OneWithdrawal, ...REFUSED },
        },
      },
      async (request, reply) => {
        const principal = principalOf(request)
        const account = access.resolve(principal, request.body.account)
        if (!account.ok) return refused(reply, account)
        const caller = { principal, account: account.value, now: clock() }
        const submission = withdrawalSubmission(request.body, rules, caller)
        if (!submission.ok) return refused(reply, submission)
        const { code, events } = await sequencer.submit(submission.value, deadlineOf(request))
        if (code !== null) return refused(reply, { code })
        const event = events.find((one) => one.kind === 'withdrawalRequested')
        if (event === undefined) return refused(reply, { code: 'unknown' })
        const withdrawal = withdrawalJson(views.listing, requestedWithdrawal(event))
        return reply.code(201).send({ withdrawal })
      },
    )
    done()
  }
}

function withdrawalRoutes({ access, history, views }: WalletRoutesDeps): Plugin {
  return (app, _options, done) => {
    app.get(
      '/v1/withdrawals',
      {
        config: { auth: READ },
        schema: {
          tags: TAGS,
          querystring: schemas.ListQuery,
          response: { 200: schemas.WithdrawalPage, ...REFUSED },
        },
      },
      async (request, reply) => {
        const query = listQuery(access, principalOf(request), request.query)
        if (query === undefined) return refused(reply, { code: 'not_found' })
        const page = await history.withdrawals(query)
        const items = page.items.map((row) => withdrawalJson(views.listing, row))
        return { items, next: cursorText(page.next), asOfSeq: page.asOfSeq }
      },
    )
    app.get(
      '/v1/withdrawals/:id',
      {
        config: { auth: READ },
        schema: {
          tags: TAGS,
          params: schemas.WithdrawalParams,
          querystring: Nothing,
          response: { 200: schemas.OneWithdrawal, ...REFUSED },
        },
      },
      async (request, reply) => {
        const id = wholeOf(request.params.id)
        const accounts = access.all(principalOf(request))
        const row =
          id === undefined ? undefined : await history.withdrawal(accounts, asId<OrderId>(id))
        if (row === undefined) return refused(reply, { code: 'not_found' })
        return { withdrawal: withdrawalJson(views.listing, row) }
      },
    )
    done()
  }
}

type OfAccount = { readonly account?: string }

/** The account a caller names, or all of his; none when it is not his. */
function accountsOf(access: AccountAccess, principal: Principal, { account }: OfAccount) {
  if (account === undefined) return access.all(principal)
  const resolved: Result<AccountId> = access.resolve(principal, Number(account))
  return resolved.ok ? [resolved.value] : []
}

function listQuery(
  access: AccountAccess,
  principal: Principal,
  query: OfAccount & { readonly after?: string; readonly limit?: string },
) {
  const accounts = accountsOf(access, principal, query)
  if (accounts.length === 0) return undefined
  const after = query.after === undefined ? undefined : wholeOf(query.after)
  return { accounts, after, limit: limitOf(query.limit) }
}

function cursorText(next: number | null): string | null {
  return next === null ? null : String(next)
}

function addressJson({ account, asset, address }: schemas.DepositAddress): schemas.DepositAddress {
  return { account, asset, address }
}
