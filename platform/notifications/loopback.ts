// Loopback: whether a request was made on this machine, for this machine.
//
// The connection itself must come from a loopback address, no proxy may stand between, and the
// name that was asked for must be a loopback name: a page of a stranger's site that points its own
// name at 127.0.0.1 gets nothing.

import type { IncomingMessage } from 'node:http'

const ADDRESSES = /^(127(\.[0-9]{1,3}){3}|::1|::ffff:127(\.[0-9]{1,3}){3})$/
const NAMES = /^(127(\.[0-9]{1,3}){3}|localhost|\[::1\])(:[0-9]{1,5})?$/
const FORWARDING = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip']

type Request = {
  readonly headers: IncomingMessage['headers']
  readonly socket: { readonly remoteAddress?: string | undefined }
}

export function isLoopback({ headers, socket }: Request): boolean {
  if (FORWARDING.some((name) => headers[name] !== undefined)) return false
  return ADDRESSES.test(socket.remoteAddress ?? '') && NAMES.test(headers.host ?? '')
}
