// The page's frame: header, the panels, the status bar, dialogs and notices.
//
// A phone shows one panel at a time, chosen by `data-screen`; a desktop shows them all. Numbers
// that are no longer live turn grey by `data-stale`, whatever panel they stand in.

import { useSignalEffect } from '@preact/signals'
import { useApp } from '../app-context.ts'
import { AccountPanel } from './account-panel.tsx'
import { Book } from './book.tsx'
import { BotConfirm } from './bot-confirm.tsx'
import { BotForm } from './bot-form.tsx'
import { Chart } from './chart.tsx'
import { Header } from './header.tsx'
import { KeysDialog } from './keys-dialog.tsx'
import { Notices } from './notices.tsx'
import { ResetDialog } from './reset-dialog.tsx'
import { ScreenTabs } from './screen-tabs.tsx'
import { SecurityDialog } from './security-dialog.tsx'
import { SignInDialog } from './sign-in-dialog.tsx'
import { StatusBar } from './status-bar.tsx'
import { Ticket } from './ticket.tsx'
import { Trades } from './trades.tsx'
import { useShortcuts } from './use-shortcuts.ts'

export function Page() {
  const { screen, connection, preferences, dialog, data, listing } = useApp()
  useShortcuts()
  useSignalEffect(() => {
    document.documentElement.dataset['theme'] = preferences.theme.value
    document.documentElement.dataset['palette'] = preferences.palette.value
  })
  useSignalEffect(() => {
    const last = data.ticker.value?.last
    const market = listing.current.value
    document.title = last ? `${last} ${market} · Crossbook` : 'Crossbook'
  })
  const isStale = connection.staleSince.value !== null
  return (
    <div class="page" data-screen={screen.value} data-stale={isStale ? 'yes' : 'no'}>
      <Header />
      <ScreenTabs />
      <main class="panels">
        <Chart />
        <Book />
        <Trades />
        <Ticket />
        <AccountPanel />
      </main>
      <StatusBar />
      <Notices />
      {(dialog.value === 'sign-in' || dialog.value === 'register') && <SignInDialog />}
      {dialog.value === 'reset' && <ResetDialog />}
      {dialog.value === 'keys' && <KeysDialog />}
      {dialog.value === 'security' && <SecurityDialog />}
      {dialog.value === 'bot' && <BotConfirm />}
      {dialog.value === 'bot-form' && <BotForm />}
    </div>
  )
}
