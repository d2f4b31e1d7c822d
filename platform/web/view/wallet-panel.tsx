// Wallet: where to send coins, and how to send them away.
//
// An address is made when somebody asks for it. A refused withdrawal leaves the form as it is.

import { useSignal } from '@preact/signals'
import { useApp } from '../app-context.ts'
import { clockText, plain } from '../model/numbers.ts'
import { outcomeText } from '../model/outcome-text.ts'
import type { Withdrawal } from '../model/wallet.ts'
import { type Column, Table } from './table.tsx'

export function WalletPanel() {
  return (
    <div class="wallet">
      <Addresses />
      <Withdraw />
      <History />
    </div>
  )
}

function Addresses() {
  const { wallet, listing } = useApp()
  const onChain = listing.assets.value.filter(({ chain }) => chain !== undefined)
  const known = new Map(wallet.addresses.value.map(({ asset, address }) => [asset, address]))
  return (
    <div class="wallet-part">
      <h3>Deposit</h3>
      {onChain.length === 0 && <p class="empty">No asset of this exchange is on a chain.</p>}
      <dl class="addresses">
        {onChain.map(({ symbol }) => (
          <div key={symbol}>
            <dt>{symbol}</dt>
            <dd>
              {known.has(symbol) ? (
                <code class="address">{known.get(symbol)}</code>
              ) : (
                <button
                  type="button"
                  class="button quiet"
                  onClick={() => void wallet.createAddress(symbol)}
                >
                  Show an address
                </button>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

function Withdraw() {
  const { wallet, listing } = useApp()
  const error = useSignal('')
  const isBusy = useSignal(false)
  const submit = async (form: HTMLFormElement): Promise<void> => {
    const fields = new FormData(form)
    const text = (name: string): string => String(fields.get(name)).trim()
    isBusy.value = true
    const request = { asset: text('asset'), amount: text('amount'), address: text('address') }
    const outcome = await wallet.withdraw(request)
    isBusy.value = false
    error.value = outcome.kind === 'done' ? '' : outcomeText(outcome)
    if (outcome.kind === 'done') form.reset()
  }
  return (
    <form
      class="wallet-part form"
      onSubmit={(event) => {
        event.preventDefault()
        void submit(event.currentTarget)
      }}
    >
      <h3>Withdraw</h3>
      <label>
        Asset
        <select class="field" name="asset">
          {listing.assets.value
            .filter(({ chain }) => chain !== undefined)
            .map(({ symbol }) => (
              <option key={symbol}>{symbol}</option>
            ))}
        </select>
      </label>
      <label>
        Amount
        <input class="field" name="amount" inputMode="decimal" autocomplete="off" required />
      </label>
      <label>
        To address
        <input class="field" name="address" placeholder="0x…" autocomplete="off" required />
      </label>
      <p class="error" role="alert">
        {error.value}
      </p>
      <button type="submit" class="button primary" disabled={isBusy.value}>
        Withdraw
      </button>
    </form>
  )
}

const COLUMNS: readonly Column[] = [
  { name: 'Time' },
  { name: 'What' },
  { name: 'Amount', isNumber: true },
  { name: 'Status' },
  { name: 'Transaction' },
]

type Row = {
  readonly key: string
  readonly at: number
  readonly what: string
  readonly amount: string
  readonly status: string
  readonly txHash: string | undefined
}

function History() {
  const { wallet } = useApp()
  const received = wallet.deposits.value.map(({ txHash, asset, amount, at }, index): Row => {
    const key = `in ${txHash} ${index}`
    return {
      key,
      at,
      what: 'deposit',
      amount: `${plain(amount)} ${asset}`,
      status: 'final',
      txHash,
    }
  })
  const rows = [...received, ...wallet.withdrawals.value.map(withdrawalRow)]
  rows.sort((a, b) => b.at - a.at)
  if (rows.length === 0) return <p class="empty">Nothing came or went on chain yet.</p>
  return (
    <div class="wallet-part wide">
      <Table label="Deposits and withdrawals" columns={COLUMNS}>
        {rows.map(({ key, at, what, amount, status, txHash }) => (
          <tr key={key}>
            <td>{clockText(at)}</td>
            <td>{what}</td>
            <td class="number">{amount}</td>
            <td>{status}</td>
            <td class="muted" title={txHash}>
              {txHash === undefined ? '' : `${txHash.slice(0, 10)}…`}
            </td>
          </tr>
        ))}
      </Table>
    </div>
  )
}

function withdrawalRow({ id, asset, amount, status, txHash, createdAt }: Withdrawal): Row {
  const text = `${plain(amount)} ${asset}`
  return { key: `out ${id}`, at: createdAt, what: 'withdrawal', amount: text, status, txHash }
}
