// npm run campaign -- NAME [--json] [options]: a long fault campaign, seeded and bounded.
//
// Prints progress to stderr and at the end one JSON line to stdout. Exit code 1 when something that
// must never happen did. A campaign is a module that exports `campaign`; it is registered by one
// row of the table. A seed repeats what was chosen; how processes interleave is up to the machine.

import { execFileSync } from 'node:child_process'
import type { Campaign, CampaignResult } from './campaigns/result.ts'

const CAMPAIGNS: Readonly<Record<string, () => Promise<{ readonly campaign: Campaign }>>> = {
  kill9: () => import('./campaigns/kill9/campaign.ts'),
  contracts: () => import('./campaigns/contracts/campaign.ts'),
  identity: () => import('./campaigns/identity/campaign.ts'),
  auditor: () => import('./campaigns/auditor/campaign.ts'),
  bots: () => import('./campaigns/bots/campaign.ts'),
  chain: () => import('./campaigns/chain/campaign.ts'),
  box: () => import('./campaigns/box/campaign.ts'),
  fleet: () => import('./campaigns/fleet/campaign.ts'),
  rounding: () => import('./campaigns/rounding/campaign.ts'),
  cascade: () => import('./campaigns/cascade/campaign.ts'),
  numbers: () => import('./campaigns/numbers/campaign.ts'),
}

async function main(args: readonly string[]): Promise<number> {
  const [name = '', ...options] = args
  const load = Object.hasOwn(CAMPAIGNS, name) ? CAMPAIGNS[name] : undefined
  if (load === undefined) {
    const names = Object.keys(CAMPAIGNS).join(', ')
    process.stderr.write(`usage: npm run campaign -- NAME [--json] [options], NAME: ${names}\n`)
    return 2
  }
  const { campaign } = await load()
  const result = await campaign(options.filter((option) => option !== '--json'))
  if (result === null) return 2
  if (!options.includes('--json')) process.stdout.write(`${summary(result)}\n`)
  process.stdout.write(`${JSON.stringify({ ...result, commit: commit() })}\n`)
  return result.violations === 0 ? 0 : 1
}

function summary({ campaign, cases, violations, reached }: CampaignResult): string {
  const counts = Object.entries(reached).map(([what, count]) => `${what} ${count}`)
  return `${campaign}: ${cases} cases, ${violations} violations; ${counts.join(', ')}`
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  } catch {
    return 'unknown'
  }
}

process.exitCode = await main(process.argv.slice(2))
