// Bot feed: lines of a log and changes of a bot as they happen, for the stream.
//
// Who may see a bot is looked at when a reader subscribes; a bot never changes hands.

import { maySee, shownBot } from './bot-access.ts'
import type { BotFeed, BotMessage, Deployments } from './port.ts'

export function createBotFeed(deployments: Pick<Deployments, 'find' | 'listen'>): BotFeed {
  return {
    maySee(principal, id) {
      const bot = deployments.find(id)
      return bot !== undefined && maySee(principal, bot)
    },
    subscribe: (id, listener) =>
      deployments.listen(id, (message) => listener(JSON.stringify(told(id, message)))),
  }
}

function told(id: string, message: BotMessage) {
  const head = { channel: 'bot', bot: id, type: message.type }
  if (message.type === 'log') return { ...head, line: message.line }
  return { ...head, state: shownBot(message.bot) }
}
