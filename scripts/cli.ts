// The command line: crossbook COMMAND [options]; --json everywhere, --help with an example.
//
// A command is a module that exports `main(args)` and answers an exit code: 0 done, 1 refused with
// one clear line, 2 used wrongly. It is registered by one row here and loaded only when asked for.

import { StartError } from '#kernel/start-error.ts'

type Command = {
  readonly does: string
  readonly example: string
  readonly load: () => Promise<{ readonly main: (args: string[]) => number | Promise<number> }>
}

const COMMANDS: Readonly<Record<string, Command>> = {
  'verify-journal': {
    does: 'walk journal, events and snapshots; print positions and digests',
    example: 'crossbook verify-journal --data .crossbook --json',
    load: () => import('#scripts/verify-journal.ts'),
  },
  replay: {
    does: 'replay the journal from its beginning; print the digests of the state',
    example: 'crossbook replay --data .crossbook --json',
    load: () => import('#scripts/replay.ts'),
  },
  export: {
    does: 'write the books order by order (L3) as lines of JSON, without saying whose they are',
    example: 'crossbook export --market ETH-USDC --out eth-usdc.jsonl.gz',
    load: () => import('#scripts/export.ts'),
  },
  'rebuild-views': {
    does: 'empty the views and fold them again from the events; print checksums',
    example: 'crossbook rebuild-views --data .crossbook --json',
    load: () => import('#scripts/rebuild-views.ts'),
  },
  new: {
    does: 'write a strategy that runs, with its test; check it with crossbook check',
    example: 'crossbook new my-strategy.ts',
    load: () => import('#scripts/new-strategy.ts'),
  },
  check: {
    does: 'show what is wrong with a strategy before anything starts: types, parameters, set-up',
    example: `crossbook check my-strategy.ts --params '{"fast":5}'`,
    load: () => import('#scripts/check-strategy.ts'),
  },
  dev: {
    does: 'run a strategy on paper against a running exchange, again at every save',
    example: 'crossbook dev my-strategy.ts --balance USDC=5000',
    load: () => import('#scripts/dev.ts'),
  },
  test: {
    does: 'run tests of strategies, wherever they are',
    example: 'crossbook test my-strategy.test.ts',
    load: () => import('#scripts/run-strategy-test.ts'),
  },
  tape: {
    does: 'what a bot was told and did: tape show TAPE; the same again: tape replay TAPE FILE.ts',
    example: 'crossbook tape replay .crossbook/bots/tapes/my-bot my-strategy.ts --acts',
    load: () => import('#scripts/tape.ts'),
  },
  bot: {
    does: 'sign in, deploy a bot, look after it: bot login|deploy|list|show|logs|pause ...',
    example: 'crossbook bot deploy my-strategy.ts --budget USDC=1000',
    load: () => import('#scripts/bot.ts'),
  },
  keys: {
    does: 'rotate keys: data keys of the vault, its master key, the keys of access tokens',
    example: 'crossbook keys rotate --signing --urgent',
    load: () => import('#scripts/keys.ts'),
  },
  keystore: {
    does: 'make or import an encrypted key of a bot: keystore make|import|show FILE',
    example: 'crossbook keystore make bot.json --passphrase-file passphrase',
    load: () => import('#scripts/keystore.ts'),
  },
  mailbox: {
    does: 'read the letters that were not sent for want of a mail server',
    example: 'crossbook mailbox --to ada@example.com',
    load: () => import('#scripts/mailbox.ts'),
  },
  user: {
    does: 'give a user a role or take it away: user grant|revoke E-MAIL ROLE',
    example: 'crossbook user grant ada@example.com auditor',
    load: () => import('#scripts/user.ts'),
  },
}

async function run([name = '', ...args]: string[]): Promise<number> {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (command === undefined) return explain(name)
  if (args.includes('--help')) {
    console.log(`crossbook ${name}: ${command.does}\n\n  ${command.example}`)
    return 0
  }
  const { main } = await command.load()
  return await main(args)
}

function explain(name: string): number {
  const rows = Object.entries(COMMANDS).map(([key, { does }]) => `  ${key.padEnd(16)} ${does}`)
  const usage = ['usage: crossbook COMMAND [options]', '', ...rows].join('\n')
  if (name === '--help') {
    console.log(usage)
    return 0
  }
  console.error(name === '' ? usage : `there is no command ${name}\n${usage}`)
  return 2
}

function isOfParseArgs(code: unknown): boolean {
  return typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS')
}

try {
  process.exitCode = await run(process.argv.slice(2))
} catch (error) {
  const isWrongUse = error instanceof TypeError && 'code' in error && isOfParseArgs(error.code)
  if (!(error instanceof StartError || isWrongUse)) throw error
  console.error(error.message)
  process.exitCode = isWrongUse ? 2 : 1
}
