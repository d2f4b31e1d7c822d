// Account panel: orders, fills, balances, ledger, bots and wallet as tabs.
//
// Bots are for everybody to see; the other tabs need somebody signed in and say so. The wallet is
// there only where the platform has a chain.

import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useApp } from '../app-context.ts'
import type { DeployedBot } from '../model/bots.ts'
import { BalancesTable } from './balances-table.tsx'
import { BotsPanel } from './bots-panel.tsx'
import { FillsTable } from './fills-table.tsx'
import { LedgerTable } from './ledger-table.tsx'
import { OrdersTable } from './orders-table.tsx'
import { WalletPanel } from './wallet-panel.tsx'

const TABS = ['Orders', 'Fills', 'Balances', 'Ledger', 'Bots', 'Wallet'] as const
type Tab = (typeof TABS)[number]

export function AccountPanel() {
  const { portfolio, connection, bots } = useApp()
  const tab = useSignal<Tab>('Orders')
  const tabs = TABS.filter((name) => name !== 'Wallet' || connection.hasWallet.value)
  const counts: Partial<Record<Tab, number>> = {
    Orders: portfolio.open.value.length + portfolio.pending.value.length,
    Bots: (bots.house.value?.length ?? 0) + runningOf(bots.own.value),
  }
  return (
    <section class="panel account" aria-label="Account">
      <div class="panel-head tabs" role="tablist">
        {tabs.map((name) => (
          <button
            type="button"
            key={name}
            role="tab"
            id={`tab-${name}`}
            aria-selected={tab.value === name}
            class="tab"
            onClick={() => {
              tab.value = name
            }}
          >
            {name}
            {counts[name] ? ` (${counts[name]})` : ''}
          </button>
        ))}
      </div>
      <div class="tab-body" role="tabpanel" aria-labelledby={`tab-${tab.value}`}>
        <Body tab={tab.value} />
      </div>
    </section>
  )
}

/** Stopped ones are history. */
function runningOf(own: readonly DeployedBot[] | null): number {
  return (own ?? []).filter(({ wanted }) => wanted !== 'stopped').length
}

function Body({ tab }: { readonly tab: Tab }) {
  if (tab === 'Bots') return <BotsPanel />
  return (
    <SignedIn>
      {tab === 'Orders' && <OrdersTable />}
      {tab === 'Fills' && <FillsTable />}
      {tab === 'Balances' && <BalancesTable />}
      {tab === 'Ledger' && <LedgerTable />}
      {tab === 'Wallet' && <WalletPanel />}
    </SignedIn>
  )
}

function SignedIn({ children }: { readonly children: ComponentChildren }) {
  const { session, portfolio, dialog } = useApp()
  if (session.state.value === 'signed-out') {
    const open = (which: 'sign-in' | 'register') => () => {
      dialog.value = which
    }
    return (
      <p class="empty">
        <button type="button" class="link" onClick={open('sign-in')}>
          Sign in
        </button>{' '}
        or{' '}
        <button type="button" class="link" onClick={open('register')}>
          register
        </button>{' '}
        to trade and to see your orders and balances.
      </p>
    )
  }
  if (!portfolio.isLoaded.value) {
    return <div class="skeleton rows" role="status" aria-label="Loading" />
  }
  return <>{children}</>
}
