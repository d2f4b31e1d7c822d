// Inside: where the platform's own processes reach it when the way in from outside is TLS.
//
// A certificate is for the name that people use, and a bot's runner asks on this machine, under
// none. So it gets the public routes on a port of the loopback address, which no proxy stands
// before and no page comes from; who asks there proves who he is as anywhere.

import type { FastifyInstance } from 'fastify'
import type { Exchange, ServeOptions } from './exchange.ts'

/** The app, which listens, and its URL. */
export async function serveInside(
  exchange: Pick<Exchange, 'serve'>,
  options: ServeOptions,
): Promise<{ readonly app: FastifyInstance; readonly url: string }> {
  const app = exchange.serve({
    ...{ ...options, tls: undefined, hsts: false, trustProxy: [], pageFolder: null },
    serves: 'public',
  })
  return { app, url: await app.listen({ host: '127.0.0.1', port: 0 }) }
}
