// Bot confirm: what will happen to a bot, before it does.
//
// The button says the act with the bot's name. The focus begins at the way out.

import { useEffect, useRef } from 'preact/hooks'
import { useApp } from '../app-context.ts'
import { type Confirmation, confirmationOf } from '../model/bot-words.ts'
import type { BotAct } from '../model/bots.ts'
import { Modal } from './modal.tsx'

export function BotConfirm() {
  const { bots, dialog } = useApp()
  const act = bots.asked.value
  useEffect(() => {
    if (act === null) dialog.value = 'none'
  }, [act, dialog])
  return act === null ? null : <Question act={act} />
}

function Question({ act }: { readonly act: BotAct }) {
  const { bots, botView, dialog } = useApp()
  const all = [...(bots.own.value ?? []), ...(bots.house.value ?? [])]
  const bot = all.find(({ id }) => id === act.id)
  const isWatched = bots.chosen.value?.id === act.id && botView.account.isLoaded.value
  const orders = isWatched ? botView.open.value.length : undefined
  const close = (): void => {
    dialog.value = 'none'
  }
  const isBusy = bots.busy.value.has(act.id)
  const said = useRef<Confirmation | null>(null)
  // While it is being done the words stay as they were said.
  if (!isBusy || said.current === null) {
    said.current = confirmationOf(act, bot ?? { equity: null }, orders)
  }
  const { title, effects, button } = said.current
  return (
    <Modal title={title}>
      <ul class="effects">
        {effects.map((effect) => (
          <li key={effect}>{effect}</li>
        ))}
      </ul>
      {act.do === 'stop' && <Flatten act={act} />}
      <div class="confirm-buttons">
        <button type="button" class="button" autofocus onClick={close}>
          Leave it as it is
        </button>
        <button
          type="button"
          class={`button ${act.do === 'stop' ? 'danger' : 'primary'}`}
          disabled={isBusy}
          onClick={() => void bots.act(act).then((isDone) => isDone && close())}
        >
          {button}
        </button>
      </div>
    </Modal>
  )
}

function Flatten({ act }: { readonly act: Extract<BotAct, { do: 'stop' }> }) {
  const { bots } = useApp()
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={act.flatten}
        onChange={(event) => {
          bots.asked.value = { ...act, flatten: event.currentTarget.checked }
        }}
      />
      Close its positions at the market first
    </label>
  )
}
