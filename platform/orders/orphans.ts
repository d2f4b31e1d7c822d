// Orphans: orders whose connection did not survive the process that served it.
//
// Connections are numbered from 1 in every process, so what an earlier one left open under such a
// number is cancelled before the first customer comes.

import type { EngineImage } from '#engine/image.ts'
import type { AccountId } from '#kernel/ids.ts'
import type { Sequencer } from '#sequencer/port.ts'

/** Cancels what was placed over connections that are gone; how many connections there were. */
export async function cancelOrphans(
  { submit }: Pick<Sequencer, 'submit'>,
  { orders }: Pick<EngineImage, 'orders'>,
): Promise<number> {
  const gone = new Map<string, { readonly account: AccountId; readonly session: number }>()
  for (const { account, extra } of orders) {
    const session = extra?.session ?? 0
    if (session > 0) gone.set(`${account}/${session}`, { account, session })
  }
  const commands = [...gone.values()].map((one) => ({ kind: 'cancelSession', ...one }) as const)
  for (const command of commands) await submit(command)
  return commands.length
}
