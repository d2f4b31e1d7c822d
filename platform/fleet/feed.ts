// Bot feed: what happens to one bot, as it happens, for the stream: log, notes, plots, standing.
//
// A message is made once however many listen. Who may not see a bot is told that it is not there.

import { accept, type Result } from '#kernel/result.ts'
import type { Principal } from '#platform/auth/port.ts'
import { seenBot, shownBot } from './bot-access.ts'
import type { BotFeed, BotMessage, Deployments } from './port.ts'

export function createBotFeed(deployments: Deployments): BotFeed {
  return {
    find: (principal: Principal, id: string): Result<null> => {
      const bot = seenBot(deployments, principal, id)
      return bot.ok ? accept(null) : bot
    },
    subscribe(id, listener) {
      const bot = deployments.find(id)
      if (bot !== undefined) listener(textOf(id, { type: 'state', bot }))
      return deployments.listen(id, (message) => listener(textOf(id, message)))
    },
  }
}

function textOf(id: string, message: BotMessage): string {
  const head = { channel: 'bot', id }
  const told = message.type === 'state' ? { type: 'state', bot: shownBot(message.bot) } : message
  return JSON.stringify({ ...head, ...told })
}
