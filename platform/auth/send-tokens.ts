// Send tokens: the answer of a sign-in and of a refresh, with the cookie of a browser.

import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Tokens } from './port.ts'
import { clearedRefreshCookie, refreshCookie } from './refresh-cookie.ts'

export function sendTokens(
  reply: FastifyReply,
  tokens: Tokens,
  by: 'body' | 'cookie',
): FastifyReply {
  const { accessToken, expiresAt, refreshToken } = tokens
  void reply.header('cache-control', 'no-store')
  if (by === 'body') return reply.send({ accessToken, expiresAt, refreshToken })
  void reply.header('set-cookie', refreshCookie(refreshToken, reply.request.protocol))
  return reply.send({ accessToken, expiresAt })
}

export function forgetCookie(reply: FastifyReply): FastifyReply {
  return reply.header('set-cookie', clearedRefreshCookie(reply.request.protocol))
}

export function userAgentOf(request: FastifyRequest): string {
  return request.headers['user-agent'] ?? ''
}
