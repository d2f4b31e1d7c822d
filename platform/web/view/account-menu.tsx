// Account menu: who is signed in, and what concerns them and not a market.
//
// It holds no state of the session: it opens dialogs and asks models, and closes when the focus
// or a click goes elsewhere.

import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { useApp } from '../app-context.ts'
import { askFaucet } from './ask-faucet.ts'

export function AccountMenu() {
  const { session, dialog } = useApp()
  const user = session.user.value
  const isOpen = useSignal(false)
  const close = (): void => {
    isOpen.value = false
  }
  return (
    <div class="account-menu">
      {user === null && session.state.value === 'signed-out' && (
        <>
          <button
            type="button"
            class="button"
            onClick={() => {
              dialog.value = 'sign-in'
            }}
          >
            Sign in
          </button>
          <button
            type="button"
            class="button primary wide-only"
            onClick={() => {
              dialog.value = 'register'
            }}
          >
            Register
          </button>
        </>
      )}
      <button
        type="button"
        class={`button menu-button ${user === null ? 'icon-only' : ''}`}
        aria-haspopup="menu"
        aria-expanded={isOpen.value}
        aria-label={user === null ? 'Settings' : `Account of ${user.email}`}
        onClick={() => {
          isOpen.value = !isOpen.value
        }}
      >
        <span class="e-mail">{user === null ? '⚙' : user.email}</span>
        <span class="caret" aria-hidden="true" />
      </button>
      {isOpen.value && <Menu close={close} />}
    </div>
  )
}

function Menu({ close }: { readonly close: () => void }) {
  const app = useApp()
  const { session, connection, dialog } = app
  const menu = useRef<HTMLDivElement>(null)
  useEffect(() => {
    menu.current?.querySelector('button')?.focus()
    const onPress = (event: Event): void => {
      const inside =
        event.target instanceof Node && menu.current?.parentNode?.contains(event.target)
      if (!inside) close()
    }
    addEventListener('pointerdown', onPress)
    return () => removeEventListener('pointerdown', onPress)
  }, [close])
  const doing = (work: () => unknown) => () => {
    close()
    work()
  }
  return (
    <div
      class="popover menu"
      role="menu"
      ref={menu}
      onKeyDown={(event) => {
        if (event.key === 'Escape') close()
      }}
    >
      {session.isSignedIn.value && connection.isDemo.value && (
        <Item label="Get demo coins" onClick={doing(() => askFaucet(app))} />
      )}
      {session.isSignedIn.value && (
        <Item
          label={session.user.value?.verified === false ? 'Security: confirm e-mail…' : 'Security…'}
          onClick={doing(() => {
            dialog.value = 'security'
          })}
        />
      )}
      {session.isSignedIn.value && (
        <Item
          label="API keys…"
          onClick={doing(() => {
            dialog.value = 'keys'
          })}
        />
      )}
      <ThemeItems />
      {session.isSignedIn.value && (
        <Item label="Sign out" onClick={doing(() => void session.signOut())} />
      )}
      <a class="menu-item" role="menuitem" href="/docs">
        API documentation
      </a>
    </div>
  )
}

const THEMES = { auto: 'as the system', dark: 'dark', light: 'light' } as const

function ThemeItems() {
  const { theme, palette } = useApp().preferences
  const next = { auto: 'dark', dark: 'light', light: 'auto' } as const
  const isBlind = palette.value === 'colour-blind'
  return (
    <>
      <Item
        label={`Theme: ${THEMES[theme.value]}`}
        onClick={() => {
          theme.value = next[theme.value]
        }}
      />
      <Item
        label={`Colours: ${isBlind ? 'blue and orange' : 'green and red'}`}
        onClick={() => {
          palette.value = isBlind ? 'usual' : 'colour-blind'
        }}
      />
    </>
  )
}

function Item({ label, onClick }: { readonly label: string; readonly onClick: () => void }) {
  return (
    <button type="button" class="menu-item" role="menuitem" onClick={onClick}>
      {label}
    </button>
  )
}
