// Page: the built files of platform/web at '/', with the headers a browser should get.
//
// Served as they are from one folder, nothing outside it. When the page is not built, '/' is a
// 404 like any other unknown path.

import { existsSync } from 'node:fs'
import helmet from '@fastify/helmet'
import staticFiles from '@fastify/static'
import type { FastifyPluginCallback } from 'fastify'

const POLICY = {
  defaultSrc: ["'self'"],
  connectSrc: ["'self'", 'ws:', 'wss:'],
  imgSrc: ["'self'", 'data:'],
  styleSrc: ["'self'", "'unsafe-inline'"],
  scriptSrc: ["'self'"],
  objectSrc: ["'none'"],
  frameAncestors: ["'none'"],
  upgradeInsecureRequests: null,
}

/** The files of a folder; nothing when the folder is not there. */
export function page(folder: string): FastifyPluginCallback {
  return (app, _options, done) => {
    if (!existsSync(folder)) return done()
    void app.register(helmet, {
      contentSecurityPolicy: { useDefaults: false, directives: POLICY },
      strictTransportSecurity: false,
    })
    app.addHook('onRoute', (route) => {
      route.config = { ...route.config, auth: 'none' }
      route.schema = { ...route.schema, hide: true }
    })
    void app.register(staticFiles, { root: folder, wildcard: false, decorateReply: false })
    done()
  }
}
