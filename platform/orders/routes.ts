// Routes of /v1/orders, as one plugin: place, amend, batch, cancel, read.

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox'
import { type CancelRoutesDeps, cancelRoutes } from './cancel-routes.ts'
import { amendRoutes, placeRoutes } from './change-routes.ts'
import { type ReadRoutesDeps, readRoutes } from './read-routes.ts'

export type OrderRoutesDeps = CancelRoutesDeps & ReadRoutesDeps

/** The plugin with all routes of this module. */
export function orderRoutes(deps: OrderRoutesDeps): FastifyPluginCallbackTypebox {
  return (app, _options, done) => {
    void app.register(placeRoutes(deps))
    void app.register(amendRoutes(deps))
    void app.register(cancelRoutes(deps))
    void app.register(readRoutes(deps))
    done()
  }
}
