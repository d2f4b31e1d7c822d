// Ping-pong: what two processes and a pipe between them can do at best.
//
// One line at a time, as a bot is told one event at a time; nobody reads or writes JSON.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Duplex } from 'node:stream'
import { fileURLToPath } from 'node:url'

const ECHO = fileURLToPath(new URL('./echo.ts', import.meta.url))

export type PingPong = {
  readonly pid: number
  /** Lines there and back, in a second. */
  perSecond(count: number): Promise<number>
  end(): Promise<void>
}

/** A line as long as an event of a trade. */
const LINE = `${'x'.repeat(190)}\n`

export async function startPingPong(): Promise<PingPong> {
  const child = spawn(process.execPath, [ECHO], { stdio: ['ignore', 'ignore', 'inherit', 'pipe'] })
  // 'pipe' makes a stream that goes both ways.
  const channel = child.stdio[3] as Duplex
  const round = async () => {
    channel.write(LINE)
    for (let heard = 0; heard < LINE.length; ) {
      const [bytes]: Buffer[] = await once(channel, 'data')
      heard += bytes?.length ?? 0
    }
  }
  await round()
  return {
    pid: child.pid ?? 0,
    async perSecond(count) {
      const begin = performance.now()
      for (let at = 0; at < count; at += 1) await round()
      return (count * 1_000) / (performance.now() - begin)
    },
    async end() {
      const ended = once(child, 'exit')
      channel.destroy()
      child.kill()
      await ended
    },
  }
}
