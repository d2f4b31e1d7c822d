// Bot access: whose bot is whose, and what is told of one.
//
// A bot is its owner's and the operators'; auditors see it and change nothing. A key that is bound
// to another account, or to some markets, has nothing to do with bots.

import { accept, type Result, refuse } from '#kernel/result.ts'
import type { Principal } from '#platform/auth/port.ts'
import type { DeployedBot, Deployments, Version } from './port.ts'
import type * as schemas from './schemas.ts'

/** Whether a caller may change the bot, as far as it is about whose it is. */
export function mayUse(principal: Principal, bot: DeployedBot): boolean {
  if (isBound(principal)) return false
  return bot.ownerId === principal.userId || principal.capabilities.has('operator')
}

export function maySee(principal: Principal, bot: DeployedBot): boolean {
  if (mayUse(principal, bot)) return true
  return !isBound(principal) && principal.capabilities.has('auditor')
}

function isBound({ account, accountOnly, marketsOnly }: Principal): boolean {
  return marketsOnly !== undefined || (accountOnly !== undefined && accountOnly !== account)
}

/** The bot that a caller asks for; not_found unless it is there and his. */
export function seenBot(
  deployments: Deployments,
  principal: Principal,
  id: string,
  may: typeof mayUse = maySee,
): Result<DeployedBot> {
  const bot = deployments.find(id)
  return bot !== undefined && may(principal, bot) ? accept(bot) : refuse('not_found')
}

/** As it is told: without its owner and its process. */
export function shownBot(bot: DeployedBot): schemas.DeployedBot {
  const { ownerId: _owner, pid: _pid, version, budget, ...shown } = bot
  return { ...shown, version: shownVersion(version), budget: [...budget] }
}

export function shownVersion({ by: _by, ...version }: Version): schemas.DeployedBot['version'] {
  const { params, venues } = version
  // They came in through the schema of a deployment.
  const plain = params as schemas.DeployedBot['version']['params']
  return { ...version, params: plain, venues: [...venues] }
}
