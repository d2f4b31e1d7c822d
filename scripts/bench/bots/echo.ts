// Echo: the bare channel that a strategy process has, and nothing around it.
//
// Each byte comes back; it ends with its parent.

import { Socket } from 'node:net'

const channel = new Socket({ fd: 3 })
channel.on('data', (bytes) => channel.write(bytes))
channel.on('close', () => process.exit(0))
