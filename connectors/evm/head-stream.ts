// Head stream: new blocks as a node tells them by itself, over a WebSocket.
//
// It only ever makes somebody sooner: whoever listens goes on polling, seldom while the stream is
// up and often while it is down, so a stream that breaks, lies or falls silent costs time and never
// a block. It is opened again after a pause that grows. A node that offers none is asked once a
// minute.

import { fields } from './quantity.ts'

export type HeadStream = {
  /** Whether the node has confirmed that it tells new blocks. */
  isUp(): boolean
  /** Opens it anew: somebody saw blocks that it did not tell. */
  restart(): void
  close(): void
}

export type HeadStreamOptions = {
  /** ws: or wss: */
  readonly url: string
  /** As the node wrote it. */
  readonly onHeader: (header: unknown) => void
  readonly onChange?: (isUp: boolean) => void
}

const PAUSE_MS = 250
const PAUSE_MAX_MS = 60_000
const SUBSCRIBE = JSON.stringify({
  ...{ jsonrpc: '2.0', id: 1, method: 'eth_subscribe', params: ['newHeads'] },
})

export function openHeadStream({
  url,
  onHeader,
  onChange = () => {},
}: HeadStreamOptions): HeadStream {
  let socket: WebSocket | undefined
  let isUp = false
  let isClosed = false
  let pauseMs = PAUSE_MS
  let timer: NodeJS.Timeout | undefined

  function change(to: boolean): void {
    if (isUp === to) return
    isUp = to
    onChange(to)
  }

  function hear(text: string): void {
    const told = decodeTold(text)
    if (told.kind === 'header') onHeader(told.header)
    if (told.kind === 'refused') socket?.close()
    if (told.kind !== 'confirmed') return
    pauseMs = PAUSE_MS
    change(true)
  }

  function open(): void {
    const opened = new WebSocket(url)
    socket = opened
    opened.addEventListener('open', () => opened.send(SUBSCRIBE))
    opened.addEventListener('message', ({ data }) => {
      if (socket === opened && typeof data === 'string') hear(data)
    })
    // Every failure ends with a close; without a listener an error would be thrown.
    opened.addEventListener('error', () => {})
    opened.addEventListener('close', () => {
      if (socket !== opened) return
      change(false)
      reopen()
    })
  }

  function reopen(): void {
    socket = undefined
    if (isClosed) return
    timer = setTimeout(open, pauseMs)
    timer.unref()
    pauseMs = Math.min(pauseMs * 2, PAUSE_MAX_MS)
  }

  open()
  return {
    isUp: () => isUp,
    restart() {
      if (!isUp) return
      change(false)
      socket?.close()
      reopen()
    },
    close() {
      isClosed = true
      clearTimeout(timer)
      change(false)
      socket?.close()
      socket = undefined
    },
  }
}

type Told =
  | { readonly kind: 'header'; readonly header: unknown }
  | { readonly kind: 'confirmed' | 'refused' | 'nonsense' }

function decodeTold(text: string): Told {
  try {
    const { id, result, method, params } = fields(JSON.parse(text))
    if (id === 1) return { kind: typeof result === 'string' ? 'confirmed' : 'refused' }
    if (method !== 'eth_subscription') return { kind: 'nonsense' }
    return { kind: 'header', header: fields(params).result }
  } catch {
    return { kind: 'nonsense' }
  }
}

/** The same node over a WebSocket, where most nodes offer it. */
export function streamUrlOf(url: string): string {
  return url.replace(/^http/, 'ws')
}
