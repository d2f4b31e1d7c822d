// Routes of accounts, transfers, faucet, balances, fills, prevented matches, ledger and PnL, as one
// plugin.

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox'
import { type AccountRoutesDeps, accountRoutes } from './account-routes.ts'
import { type CloseAccountDeps, closeAccountRoute } from './close-account-route.ts'
import { type HistoryRoutesDeps, historyRoutes } from './history-routes.ts'
import { preventedRoute } from './prevented-route.ts'

export type PortfolioRoutesDeps = AccountRoutesDeps & HistoryRoutesDeps & CloseAccountDeps

/** The plugin with all routes of this module. */
export function portfolioRoutes(deps: PortfolioRoutesDeps): FastifyPluginCallbackTypebox {
  return (app, _options, done) => {
    void app.register(accountRoutes(deps))
    void app.register(closeAccountRoute(deps))
    void app.register(historyRoutes(deps))
    void app.register(preventedRoute(deps))
    done()
  }
}
