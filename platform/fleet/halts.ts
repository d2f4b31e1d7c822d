// Halts: the owner of a bot is told by mail when a limit has halted it.
//
// Told once for each halt, and once more after a restart of the platform that finds it halted, so
// that no letter is lost with the process that should have written it.

import type { Mailer } from '#platform/notifications/port.ts'
import type { FleetBot } from './port.ts'

export type HaltsDeps = {
  readonly mailer: Pick<Mailer, 'send'>
  readonly findUser: (userId: string) => Promise<{ readonly email: string } | undefined>
  readonly log: (line: string) => void
}

export type Halts = {
  /** What a bot's runner says of it now; null: it is not halted. */
  heard(bot: Pick<FleetBot, 'id' | 'strategy' | 'ownerId'>, code: string | null): Promise<void>
}

export function createHalts({ mailer, findUser, log }: HaltsDeps): Halts {
  const known = new Map<string, string>()
  return {
    async heard(bot, code) {
      const { id, ownerId } = bot
      if (code === null) known.delete(id)
      if (code === null || known.get(id) === code) return
      known.set(id, code)
      log(`${id} is halted: ${code}`)
      try {
        const owner = await findUser(ownerId)
        if (owner !== undefined) await mailer.send({ to: owner.email, ...letterOf(bot, code) })
      } catch (error) {
        // Told again with the next figures.
        known.delete(id)
        log(`the owner of ${id} could not be told: ${String(error)}`)
      }
    },
  }
}

const WHY: Readonly<Record<string, string>> = {
  'gate.daily_loss': 'It has lost more today than its limit allows.',
  'gate.drawdown': 'It has lost more since its best than its limit allows.',
}

function letterOf({ id, strategy }: Pick<FleetBot, 'id' | 'strategy'>, code: string) {
  return {
    subject: `Your bot ${id} was halted`,
    text: [
      `${WHY[code] ?? 'A limit was passed.'} (${code})`,
      `The bot ${id} (${strategy}) is paused and its open orders were cancelled.`,
      'It does nothing more until you resume it.',
    ].join('\n'),
  }
}
