// Close in time: a platform that stops waits for nobody for ever.
//
// Answers that are on their way are given a moment. Node counts neither a connection that has never
// asked anything (a browser opens one ahead of need) nor one that was to become a WebSocket among
// those it closes: each would keep the platform up for as long as its peer likes. So all sockets
// are remembered, and a WebSocket that comes while the platform stops is cut off at once; its
// client tries again.

import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { FastifyInstance } from 'fastify'

const CLOSE_MS = 3_000

export function closeInTime(app: FastifyInstance, afterMs = CLOSE_MS): void {
  const { server } = app
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  const destroyAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  app.addHook('preClose', (done) => {
    server.removeAllListeners('upgrade')
    server.on('upgrade', (_request, socket: Duplex) => socket.destroy())
    setTimeout(destroyAll, afterMs).unref()
    done()
  })
}
