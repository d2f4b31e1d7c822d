// WebSocket: /v1/stream, one session a connection.
//
// Both sides ping: a peer that answers neither within two beats is gone. Readers, the size of a
// message and how many a second are bounded (INV-17). What a session may do stands in
// stream-session.ts; here is only the socket.

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox'
import websocket, { type WebSocket } from '@fastify/websocket'
import { Nothing, REFUSED, refused } from '../port.ts'
import { STREAM_DESCRIPTION, STREAM_MESSAGES } from '../stream-schemas.ts'
import { createStreamSession, type StreamDeps, type StreamSession } from '../stream-session.ts'

export const READERS_MAX = 5_000
const MESSAGE_BYTES_MAX = 16_384
const MESSAGES_PER_BEAT = 1_500
const CLOSE_TOO_MANY = 4029
const CLOSE_BINARY = 1003
const CLOSE_RESTART = 1012
/** After a close frame, for a peer that does not read it. */
const LINGER_MS = 1_000

export type WebSocketDeps = StreamDeps & { readonly beatMs?: number }

type Reader = { readonly socket: WebSocket; answered: boolean; messages: number }

/** The route and everything around it. */
export function streamRoute(deps: WebSocketDeps): FastifyPluginCallbackTypebox {
  return (app, _options, done) => {
    const readers = new Set<Reader>()
    const beat = setInterval(() => beatAll(readers), deps.beatMs ?? 15_000).unref()
    void app.register(websocket, {
      options: { maxPayload: MESSAGE_BYTES_MAX, perMessageDeflate: false },
      preClose: (closed) => {
        clearInterval(beat)
        // Also one that has just come and is no reader yet: nothing closes while it stays.
        const { clients } = app.websocketServer
        for (const socket of clients) closeSoon(socket, CLOSE_RESTART, 'stopping')
        app.websocketServer.close(() => closed())
      },
    })
    void app.register((scope, _nothing, ready) => {
      scope.route({
        method: 'GET',
        url: '/v1/stream',
        config: { auth: 'none' },
        schema: {
          tags: ['stream'],
          summary: 'WebSocket: JSON text frames',
          description: STREAM_DESCRIPTION,
          'x-messages': STREAM_MESSAGES,
          querystring: Nothing,
          response: REFUSED,
        },
        handler: (_request, reply) =>
          refused(reply, { code: 'request.malformed', details: { why: 'not a WebSocket' } }),
        wsHandler: (socket, request) => attend(deps, readers, { socket, address: request.ip }),
      })
      ready()
    })
    done()
  }
}

type Arrival = { readonly socket: WebSocket; readonly address: string }

function attend(deps: StreamDeps, readers: Set<Reader>, { socket, address }: Arrival): void {
  if (readers.size >= READERS_MAX) {
    closeSoon(socket, CLOSE_TOO_MANY, 'too many readers')
    return
  }
  const reader: Reader = { socket, answered: true, messages: 0 }
  const session = createStreamSession(deps, portOf(socket, address))
  readers.add(reader)
  socket.on('pong', () => {
    reader.answered = true
  })
  socket.on('message', (data: Buffer, isBinary: boolean) => hear(reader, session, data, isBinary))
  socket.on('close', () => {
    readers.delete(reader)
    session.end()
  })
  socket.on('error', () => socket.terminate())
}

function hear(reader: Reader, session: StreamSession, data: Buffer, isBinary: boolean): void {
  reader.answered = true
  const { socket } = reader
  if (isBinary) closeSoon(socket, CLOSE_BINARY, 'text frames only')
  else if (reader.messages >= MESSAGES_PER_BEAT) closeSoon(socket, CLOSE_TOO_MANY, 'too fast')
  else if (session.receive(data)) reader.messages += 1
}

function portOf(socket: WebSocket, address: string) {
  return {
    address,
    get bufferedAmount() {
      return socket.bufferedAmount
    },
    send: (text: string) => socket.send(text),
    close: (code: number, reason: string) => closeSoon(socket, code, reason),
  }
}

/** The close frame waits behind what is buffered: who does not read is cut after a while. */
function closeSoon(socket: WebSocket, code: number, reason: string): void {
  socket.close(code, reason)
  const timer = setTimeout(() => socket.terminate(), LINGER_MS)
  socket.once('close', () => clearTimeout(timer))
}

function beatAll(readers: ReadonlySet<Reader>): void {
  for (const reader of readers) {
    reader.messages = 0
    if (reader.answered) {
      reader.answered = false
      reader.socket.ping()
    } else {
      reader.socket.terminate()
    }
  }
}
