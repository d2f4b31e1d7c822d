// Options of npm run chain: which program makes the chain, and what it begins with.

import { parseArgs } from 'node:util'
import { StartError } from '#kernel/start-error.ts'
import { type ChainFork, ENGINES, type Engine } from './settings.ts'

export type ChainOptions = {
  readonly engine: Engine
  /** Of anvil: what an earlier run left is not taken up. */
  readonly fresh: boolean
  readonly fork: ChainFork | undefined
  /** Where the addresses of the forked chain stand. */
  readonly deploymentFile: string | undefined
}

/** An option that there is not; what makes no sense is a StartError. */
export function readChainOptions(args: readonly string[]): ChainOptions | { wrong: string } {
  const values = parsed(args)
  if ('wrong' in values) return values
  const { engine = 'hardhat', fresh = false, fork: url, deployment } = values
  const known = ENGINES.find((one) => one === engine)
  if (known === undefined) throw new StartError(`--engine is ${ENGINES.join(' or ')}: ${engine}`)
  if ((url === undefined) !== (deployment === undefined)) {
    throw new StartError('--fork and --deployment belong together: what to fork, and what is there')
  }
  const block = blockOf(values['fork-block'])
  if (block !== undefined && url === undefined) throw new StartError('--fork-block needs --fork')
  const fork = url === undefined ? undefined : { url: urlOf(url), ...block }
  return { engine: known, fresh, fork, deploymentFile: deployment }
}

function parsed(args: readonly string[]) {
  const text = { type: 'string' } as const
  const fresh = { type: 'boolean' } as const
  const options = { engine: text, fresh, fork: text, 'fork-block': text, deployment: text }
  try {
    return parseArgs({ args: [...args], options }).values
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    return { wrong: /'(.+?)'/.exec(error.message)?.[1] ?? '' }
  }
}

function urlOf(text: string): string {
  const isUrl = URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
  if (!isUrl) throw new StartError('--fork must be the http or https URL of a node')
  return text
}

function blockOf(text: string | undefined): { readonly block: number } | undefined {
  if (text === undefined) return undefined
  if (/^[0-9]{1,12}$/.test(text)) return { block: Number(text) }
  throw new StartError(`--fork-block must be the number of a block, not '${text}'`)
}
