// Bots: own ones and the platform's as a list, and the one that is chosen beside it.
//
// Everybody sees the platform's own bots; one's own need somebody signed in. Stopped ones are
// history and folded away.

import { useApp } from '../app-context.ts'
import type { DeployedBot, HouseBot } from '../model/bots.ts'
import { BotCard } from './bot-card.tsx'
import { BotDetail } from './bot-detail.tsx'

export function BotsPanel() {
  const { bots } = useApp()
  const house = bots.house.value
  const own = bots.own.value
  if (house === null || own === null) {
    return <div class="skeleton rows" role="status" aria-label="Loading" />
  }
  const isChosen = bots.chosen.value !== null
  return (
    <div class={`bots-panel ${isChosen ? 'chosen' : ''}`}>
      <div class="bots-side">
        <Bar count={own.length} />
        <Lists house={house.filter(({ id }) => !own.some((one) => one.id === id))} own={own} />
      </div>
      {isChosen && <BotDetail />}
    </div>
  )
}

/** What to do next, and why one's own bots are not there. */
function Bar({ count }: { readonly count: number }) {
  const { bots, botForm, dialog, session, connection } = useApp()
  if (bots.refused.value !== '') {
    return (
      <p class="error bots-note" role="alert">
        Your bots cannot be shown: {bots.refused.value}
      </p>
    )
  }
  if (!connection.hasFleet.value) return null
  if (!session.isSignedIn.value) {
    const open = (): void => {
      dialog.value = 'sign-in'
    }
    return (
      <p class="hint bots-note">
        <button type="button" class="link" onClick={open}>
          Sign in
        </button>{' '}
        to deploy bots and to see yours.
      </p>
    )
  }
  if (!bots.canDeploy.value) {
    return (
      <p class="hint bots-note">
        To deploy bots you need the capability <code>deploy</code>; an operator grants it.
      </p>
    )
  }
  return (
    <div class="bots-bar">
      <button
        type="button"
        class="button primary"
        onClick={() => {
          botForm.begin()
          dialog.value = 'bot-form'
        }}
      >
        Deploy a bot
      </button>
      {count === 0 && <span class="hint">You have none yet. All you need is a strategy file.</span>}
    </div>
  )
}

type ListsProps = { readonly house: readonly HouseBot[]; readonly own: readonly DeployedBot[] }

function Lists({ house, own }: ListsProps) {
  const { connection } = useApp()
  const active = own.filter(({ wanted }) => wanted !== 'stopped')
  const stopped = own.filter(({ wanted }) => wanted === 'stopped').reverse()
  const isDemo = connection.isDemo.value
  return (
    <>
      <List label="Your bots" bots={active} isOwn />
      <List label="Bots of the platform" bots={house} isOwn={false} />
      {stopped.length > 0 && (
        <details class="bots-stopped">
          <summary>Stopped ({stopped.length})</summary>
          <List label="Stopped bots" bots={stopped} isOwn />
        </details>
      )}
      {active.length + house.length === 0 && (
        <p class="empty">No bot runs here.{isDemo ? '' : ' Start the demo to see some trade.'}</p>
      )}
    </>
  )
}

type ListProps = {
  readonly label: string
  readonly bots: readonly (HouseBot | DeployedBot)[]
  readonly isOwn: boolean
}

function List({ label, bots, isOwn }: ListProps) {
  if (bots.length === 0) return null
  return (
    <>
      <h3 class="bots-label">{label}</h3>
      <ul class="bots" aria-label={label}>
        {bots.map((bot) => (
          <BotCard key={bot.id} bot={bot} isOwn={isOwn} />
        ))}
      </ul>
    </>
  )
}
