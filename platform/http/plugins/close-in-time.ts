// Close in time: a platform that stops waits for nobody for ever.
//
// Answers that are on their way are given a moment. A connection that has never asked anything (a
// browser opens one ahead of need) is neither idle nor busy to Node, whose own limit on slow heads
// ends with the listening: without this one, whoever holds it open keeps the platform up.

import type { FastifyInstance } from 'fastify'

const CLOSE_MS = 3_000

export function closeInTime(app: FastifyInstance, afterMs = CLOSE_MS): void {
  app.addHook('preClose', (done) => {
    setTimeout(() => app.server.closeAllConnections(), afterMs).unref()
    done()
  })
}
