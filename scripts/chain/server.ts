// The local chain's process: Hardhat's EVM behind JSON-RPC, and nothing else.
//
// The parent starts it with one message and gets one back: ready with the port, or failed with the
// reason. It mines a block when a transaction arrives and none when idle. It ends when its parent's
// channel closes, however the parent died. It never reads hardhat.config.ts: a chain needs neither
// compilers nor artifacts, and without them it starts faster and stays smaller.

import { createHardhatRuntimeEnvironment } from 'hardhat/hre'
import { rollbackPlugin } from './rollback.ts'
import type { ChainMessage, ChainSettings } from './settings.ts'

process.once('message', (settings) => {
  // The cast is right: settings.ts types the channel, and both ends import it.
  listen(settings as ChainSettings).catch(fail)
})
// A port in use reaches us here: the server's own promise never hears of it.
process.once('uncaughtException', fail)
process.once('disconnect', () => process.exit(0))
// Ctrl-C reaches the whole group; only the parent decides when the chain ends.
process.on('SIGINT', () => {})

async function listen(settings: ChainSettings): Promise<void> {
  const hre = await createHardhatRuntimeEnvironment({
    plugins: settings.rollsBack ? [rollbackPlugin()] : [],
    networks: {
      chain: {
        type: 'edr-simulated',
        chainType: 'l1',
        chainId: settings.chainId,
        loggingEnabled: false,
        blockGasLimit: 60_000_000n,
        // Blocks follow each other faster than a second: without this the chain's clock runs away.
        allowBlocksWithSameTimestamp: true,
        // A reverted transaction is an answer with a receipt, as on every other chain.
        throwOnTransactionFailures: false,
        mining: { auto: true, interval: 0 },
        accounts: accounts(settings),
        ...forking(settings),
      },
    },
  })
  const server = await hre.network.createServer('chain', '127.0.0.1', settings.port)
  const { port } = await server.listen()
  tell({ kind: 'ready', port })
}

function accounts({ funded }: ChainSettings) {
  if (funded === undefined) return []
  return { mnemonic: funded.mnemonic, count: funded.count, accountsBalance: 10_000n * 10n ** 18n }
}

function forking({ fork }: ChainSettings) {
  if (fork === undefined) return {}
  const { url, block } = fork
  return { forking: { url, ...(block === undefined ? {} : { blockNumber: block }) } }
}

function fail(error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error)
  const message: ChainMessage = { kind: 'failed', reason }
  process.send?.(message, () => process.exit(1))
}

function tell(message: ChainMessage): void {
  process.send?.(message)
}
