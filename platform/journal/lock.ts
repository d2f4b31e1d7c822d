// Lock: one process per data folder.
//
// On Linux it is an abstract unix socket named after the folder's true path: the kernel frees it
// when the process ends, however it ends. Elsewhere it is a socket file; one that nobody answers on
// was left by a dead process. Processes in different network namespaces do not see each other.

import { createHash } from 'node:crypto'
import { createConnection, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { StartError } from '#kernel/start-error.ts'
import type { Storage } from './storage.ts'

export type Lock = { release(): Promise<void> }

/** Locks a folder or throws StartError when another process has it. */
export async function lockFolder(storage: Storage, folder: string): Promise<Lock> {
  const path = process.platform === 'linux' ? abstractName(storage, folder) : fileName(folder)
  const isFile = !path.startsWith('\0')
  if (isFile && !(await isAnswered(path))) storage.remove(path)
  const server = await listen(path).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error
    throw new StartError(`another Crossbook process uses the data folder ${folder}`)
  })
  return { release: () => new Promise((resolve) => server.close(() => resolve())) }
}

function abstractName(storage: Storage, folder: string): string {
  const name = createHash('sha256').update(storage.realPath(folder)).digest('hex')
  return `\0crossbook:${name}`
}

function fileName(folder: string): string {
  return join(folder, 'lock')
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path)
    const answer = (isThere: boolean) => {
      socket.destroy()
      resolve(isThere)
    }
    socket.once('connect', () => answer(true))
    socket.once('error', () => answer(false))
  })
}

function listen(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.unref()
    server.once('error', reject)
    server.listen({ path, exclusive: true }, () => resolve(server))
  })
}
