// Shapes: what the API takes and answers, as types for whoever uses the client.
//
// All are those of the schemas next to the routes, so that the client cannot drift from the
// server. Importing them brings no schema along.

import type { Static } from 'typebox'
import type * as auth from '#platform/auth/schemas.ts'
import type { OneOfBox } from '#platform/fleet/box-routes.ts'
import type { DescribeAnswer } from '#platform/fleet/describe-route.ts'
import type * as fleet from '#platform/fleet/schemas.ts'
import type { Health as HealthShape } from '#platform/http/health.ts'
import type * as markets from '#platform/markets/schemas.ts'
import type * as mailbox from '#platform/notifications/routes.ts'
import type * as entry from '#platform/orders/port.ts'
import type * as orders from '#platform/orders/schemas.ts'
import type * as portfolio from '#platform/portfolio/schemas.ts'
import type * as wallet from '#platform/wallet/schemas.ts'

export type Asset = markets.Asset
export type Book = markets.Book
export type Candle = markets.Candle
export type Fees = markets.Fees
export type Interval = markets.Interval
export type Market = markets.Market
export type MarketPhase = markets.MarketPhase
export type Ticker = markets.Ticker
export type Trade = markets.Trade

export type Fill = entry.Fill
export type Order = entry.Order
export type Placed = orders.Placed
export type PlaceBody = entry.PlaceBody
export type AmendBody = orders.AmendBody
export type AmendItem = entry.AmendItem
export type CancelItem = entry.CancelItem
export type BatchItem = entry.BatchItem
export type EntryResult = entry.EntryResult
export type BatchAnswer = orders.BatchAnswer
export type CancelAfter = orders.CancelAfter

export type Account = portfolio.Account
export type Balance = portfolio.Balance
export type Faucet = portfolio.Faucet
export type LedgerEntry = portfolio.LedgerEntry
export type PnlRow = portfolio.PnlRow
export type PreventedMatch = portfolio.PreventedMatch
export type Transfer = portfolio.Transfer
export type TransferBody = portfolio.TransferBody

export type Deposit = wallet.Deposit
export type DepositAddress = wallet.DepositAddress
export type Withdrawal = wallet.Withdrawal
export type WithdrawalBody = wallet.WithdrawalBody

export type Bot = fleet.Bot
export type DeployedBot = fleet.DeployedBot
export type DeployBody = fleet.DeployBody
export type UpdateBotBody = Static<typeof fleet.UpdateBody>
export type BotVersion = Static<typeof fleet.Version>
export type BotLogLine = Static<typeof fleet.LogLine>
export type Description = Static<typeof DescribeAnswer>['strategy']
export type BotPlot = fleet.Plot
export type BoxStrategy = Static<typeof OneOfBox>['strategy']
export type BotSample = Static<typeof fleet.Sample>
export type Health = HealthShape

export type Me = Static<typeof auth.MeAnswer>
export type User = Me['user']
export type Tokens = Static<typeof auth.TokensAnswer>
export type Registered = Static<typeof auth.RegisterAnswer>
export type Login = Static<typeof auth.LoginAnswer>
export type SecondStep = NonNullable<Login['secondStep']>
export type Challenge = Static<typeof auth.ChallengeAnswer>['challenge']
export type Factor = Static<typeof auth.FactorAnswer>
export type Letter = Static<typeof mailbox.Mails>['items'][number]
export type Session = Static<typeof auth.SessionsAnswer>['items'][number]
export type NewKeyBody = Static<typeof auth.NewKeyBody>
export type KeyInfo = Static<typeof auth.KeysAnswer>['items'][number]
export type NewKey = Static<typeof auth.NewKeyAnswer>

export type Page<T> = { readonly items: readonly T[]; readonly next: string | null }
export type HistoryPage<T> = Page<T> & { readonly asOfSeq: number }
