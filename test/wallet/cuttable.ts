// A wallet's surroundings that can be cut off at any step, as by a kill.
//
// Every call of ledger, records and chain passes through here under a name. From the step that is
// asked for on, no call is made and none answers: whatever the wallet would have done next never
// happens, and what it had done is all that a new process finds.

import type { Rpc } from '#connectors/evm/provider.ts'
import type { WalletStore } from '#platform/wallet/store.ts'
import type { Sequencer } from '#sequencer/port.ts'

/** The name of a call: a command's kind, 'addRow', or a method of the chain. */
export type Cut = { readonly when: 'before' | 'after'; readonly call: string }

export type Cuttable = {
  readonly sequencer: Pick<Sequencer, 'submit'>
  readonly store: WalletStore
  readonly rpc: Rpc
  /** Arms the cut; answers when it has happened. */
  cut(at: Cut): Promise<void>
  /** Cuts now. */
  kill(): void
}

const NEVER = new Promise<never>(() => {})

export function createCuttable(real: Pick<Cuttable, 'sequencer' | 'store' | 'rpc'>): Cuttable {
  let armed: (Cut & { readonly done: () => void }) | undefined
  let dead = false

  async function pass<T>(call: string, work: () => Promise<T>): Promise<T> {
    die('before', call)
    if (dead) return NEVER
    const result = await work()
    die('after', call)
    return dead ? NEVER : result
  }

  function die(when: Cut['when'], call: string): void {
    if (armed?.when !== when || armed.call !== call) return
    dead = true
    armed.done()
  }

  const { sequencer, store, rpc } = real
  return {
    sequencer: { submit: (body) => pass(body.kind, () => sequencer.submit(body)) },
    store: {
      addresses: () => pass('addresses', store.addresses),
      addAddress: (row) => pass('addAddress', () => store.addAddress(row)),
      newestRow: () => pass('newestRow', store.newestRow),
      addRow: (row) => pass('addRow', () => store.addRow(row)),
    },
    rpc: {
      chainId: rpc.chainId,
      ask: (method, params) => pass(method, () => rpc.ask(method, params)),
    },
    cut: (at) =>
      new Promise((done) => {
        armed = { ...at, done }
      }),
    kill() {
      dead = true
    },
  }
}
