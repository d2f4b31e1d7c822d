// Strategy imports: 'crossbook/strategy' and 'crossbook/testing', wherever a strategy file lies.
//
// Inside the clone and where the clone is linked by npm, Node finds them by itself; for a file in
// any other folder this hook says where they are. It is loaded with --import.

import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'

const ROOT = new URL('../', pathToFileURL(import.meta.filename))

const ENTRIES: Readonly<Record<string, string>> = {
  'crossbook/strategy': new URL('bots/strategy.ts', ROOT).href,
  'crossbook/testing': new URL('bots/backtest/test-strategy.ts', ROOT).href,
}

registerHooks({
  resolve(specifier, context, next) {
    const url = ENTRIES[specifier]
    return url === undefined ? next(specifier, context) : { url, shortCircuit: true }
  },
})
