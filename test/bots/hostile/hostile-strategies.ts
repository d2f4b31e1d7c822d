// Hostile strategies: what each does, and what stops it.
//
// `top` runs when the file is read, `book` at the second book that is told. ENDS: the process is
// ended, for a reason like this. LOGS: what it tried failed, in words like these. NOTHING_LEFT: it
// goes on, and no order of it reaches the venue. CANARY is a port of loopback that nobody may
// reach, SOCKET a Unix socket, SECRET a file outside of its folder.

export type Hostile = {
  readonly name: string
  readonly top?: string
  readonly book?: string
  readonly ends?: RegExp
  readonly logs?: RegExp
  /** Codes of refused orders. */
  readonly refused?: string
}

const tried = (code: string) => `try { ${code}; ctx.log('DONE') } catch (e) { ctx.log(String(e)) }`
const imported = (what: string) => `await import(${what})`
const NO_IMPORT = /may not import|may not load|ERR_ACCESS_DENIED|Access to this API/
const HIDDEN = /ERR_ACCESS_DENIED|ERR_MODULE_NOT_FOUND/
const GONE = /is not defined|not a function|undefined/
const place = (order: string) => `m.place({ side: 'buy', size: 1, price: 100, ${order} })`

export const HOSTILE: readonly Hostile[] = [
  // Time and memory.
  { name: 'loops for ever', book: 'for (;;) {}', ends: /no answer within/ },
  { name: 'loops while it is read', top: 'for (;;) {}', ends: /no answer within/ },
  {
    name: 'waits for ever while it is read',
    top: 'await new Promise(() => {})',
    ends: /code 13|no answer/,
  },
  {
    name: 'fills the heap',
    book: 'const a = []; for (;;) a.push({ a: [1] })',
    ends: /SIG|code|no answer/,
  },
  {
    name: 'fills memory outside of the heap',
    book: tried('const a = []; for (;;) a.push(new Uint8Array(16_000_000).fill(1))'),
    logs: /allocation failed/,
  },
  {
    name: 'asks for memory of WebAssembly',
    book: tried('new WebAssembly.Memory({ initial: 9 })'),
    logs: GONE,
  },
  { name: 'builds an endless string', book: "let a = 'x'; for (;;) a += a", ends: /code 1/ },
  { name: 'recurses for ever', book: 'const f = () => f() + 1; f()', ends: /code 1/ },
  {
    name: 'floods the microtasks',
    book: 'const f = () => Promise.resolve().then(f); f()',
    ends: /no answer/,
  },
  // Throwing.
  { name: 'throws at every event', book: "throw new Error('no')", ends: /code 1/ },
  { name: 'rejects and nobody listens', book: "Promise.reject(new Error('no'))", ends: /code 1/ },
  { name: 'throws while it is read', top: "throw new Error('no')", ends: /code 1/ },
  // Files.
  { name: 'imports node:fs', top: imported("'node:fs'"), ends: NO_IMPORT },
  { name: 'imports fs without its prefix', top: imported("'fs'"), ends: NO_IMPORT },
  { name: 'imports fs/promises', top: imported("'fs/promises'"), ends: NO_IMPORT },
  {
    name: 'imports fs spelt in pieces',
    top: imported("['no', 'de:f', 's'].join('')"),
    ends: NO_IMPORT,
  },
  {
    name: 'imports fs with a prototype bent',
    top: `try { String.prototype.startsWith = () => true } catch {}; ${imported("'fs'")}`,
    ends: NO_IMPORT,
  },
  {
    name: 'makes a require',
    top: "import { createRequire } from 'node:module'; createRequire('/')('fs')",
    ends: NO_IMPORT,
  },
  { name: 'asks the process for fs', top: "process.getBuiltinModule('fs')", ends: GONE },
  {
    name: 'reads a secret as a module',
    top: imported('SECRET'),
    ends: HIDDEN,
  },
  {
    name: 'reads a secret as JSON',
    top: `await import(SECRET, { with: { type: 'json' } })`,
    ends: HIDDEN,
  },
  {
    name: 'loads a CommonJS file beside it',
    top: imported("'./beside.cjs'"),
    ends: /may not load/,
  },
  {
    name: 'imports code out of a text',
    top: imported(`'data:text/javascript,import "fs"'`),
    ends: NO_IMPORT,
  },
  {
    name: 'imports when it runs',
    book: "import('./beside.cjs').catch((e) => { throw e })",
    ends: /imports nothing|code 1/,
  },
  // Network.
  { name: 'fetches from the internet', book: tried("fetch('https://example.com')"), logs: GONE },
  { name: 'fetches from loopback', book: tried("fetch('http://127.0.0.1:' + CANARY)"), logs: GONE },
  {
    name: 'calls the RPC of the chain',
    book: tried("new WebSocket('ws://127.0.0.1:' + CANARY)"),
    logs: GONE,
  },
  {
    name: 'imports node:net',
    top: "import net from 'node:net'; net.connect(CANARY)",
    ends: NO_IMPORT,
  },
  {
    name: 'imports node:http',
    top: "import http from 'node:http'; http.get({ port: CANARY })",
    ends: NO_IMPORT,
  },
  {
    name: 'asks a name server',
    top: "import dns from 'node:dns'; dns.lookup('example.com')",
    ends: NO_IMPORT,
  },
  {
    name: 'sends a datagram',
    top: "import d from 'node:dgram'; d.createSocket('udp4')",
    ends: NO_IMPORT,
  },
  {
    name: 'opens the socket of the database',
    top: "import net from 'node:net'; net.connect(SOCKET)",
    ends: NO_IMPORT,
  },
  {
    name: 'takes a socket from the console',
    book: tried('new console._stderr.constructor().connect(CANARY)'),
    logs: GONE,
  },
  {
    name: 'sets a trap on the prototype of objects',
    book: tried("Object.defineProperty(Object.prototype, 'connecting', { set(v) {} })"),
    logs: /not extensible|Cannot define/,
  },
  // Processes.
  {
    name: 'reads the environment',
    book: tried('ctx.log(JSON.stringify(process.env))'),
    logs: GONE,
  },
  { name: 'kills its runner', book: tried('process.kill(process.ppid)'), logs: GONE },
  { name: 'exits', book: tried('process.exit(0)'), logs: GONE },
  {
    name: 'starts a program',
    top: "import c from 'node:child_process'; c.execSync('id')",
    ends: NO_IMPORT,
  },
  {
    name: 'starts a worker',
    top: "import { Worker } from 'worker_threads'; new Worker('1')",
    ends: NO_IMPORT,
  },
  { name: 'opens the inspector', top: "import i from 'node:inspector'; i.open()", ends: NO_IMPORT },
  {
    name: 'makes a virtual machine',
    top: "import vm from 'vm'; vm.runInThisContext('1')",
    ends: NO_IMPORT,
  },
  { name: 'reaches for the bindings', book: tried("process.binding('fs')"), logs: GONE },
  { name: 'evaluates text', book: tried("eval('1')"), logs: /Code generation/ },
  {
    name: 'makes a function of text',
    book: tried("(() => {}).constructor('return process')()"),
    logs: /Code generation/,
  },
  {
    name: 'floods its standard error',
    book: "for (let n = 0; n < 500; n += 1) console.error('x'.repeat(9_000))",
  },
  // Time and chance.
  { name: 'reads the clock', book: tried('Date.now()'), logs: /ask ctx.now/ },
  { name: 'makes a date of now', book: tried('new Date().constructor.now()'), logs: /ask ctx.now/ },
  { name: 'throws dice', book: tried('Math.random()'), logs: /ask ctx.random/ },
  // Orders.
  {
    name: 'floods orders',
    book: `for (let n = 0; n < 900; n += 1) ${place('')}`,
    refused: 'gate.order_rate',
  },
  {
    name: 'floods more orders than an answer holds',
    book: `for (let n = 0; n < 1_500; n += 1) ${place('')}`,
    ends: /malformed/,
  },
  {
    name: 'names a price that is no number',
    book: place('price: NaN'),
    refused: 'bot.not_a_number',
  },
  { name: 'sells less than nothing', book: place('size: -5'), refused: 'bot.not_a_number' },
  {
    name: 'sells less than nothing as a text',
    book: place("size: '-5'"),
    refused: 'gate.no_price',
  },
  { name: 'buys endlessly much', book: place('size: Infinity'), refused: 'bot.not_a_number' },
  {
    name: 'buys endlessly much as a text',
    book: place("size: '1e300'"),
    refused: 'gate.order_notional',
  },
  {
    name: 'has a getter that throws in an order',
    book: "m.place({ get side() { throw new Error('no') } })",
    ends: /code 1/,
  },
  // Answers.
  {
    name: 'sends a huge state',
    book: "ctx.state.big = 'x'.repeat(2_000_000)",
    ends: /more than 1048576/,
  },
  {
    name: 'sends a state too deep to be written down',
    book: 'let a = []; for (let n = 0; n < 3_000; n += 1) a = [a]; ctx.state.deep = a',
    ends: /malformed/,
  },
  { name: 'sends a state with a loop', book: 'ctx.state.self = ctx.state', ends: /code 1/ },
  { name: 'forges the way its state is written', book: "ctx.state.toJSON = () => 'x'" },
  {
    name: 'sets endlessly many timers',
    book: 'for (let n = 0; n < 900; n += 1) ctx.every(10, () => {})',
    ends: /too many/,
  },
  {
    name: 'asks for endlessly many quotes',
    book: "for (let n = 0; n < 900; n += 1) m.quote({ side: 'buy', size: 1 }, () => {})",
    ends: /too many/,
  },
  {
    name: 'floods the log',
    book: "for (let n = 0; n < 990; n += 1) ctx.log('x'.repeat(900))",
    logs: /left out/,
  },
  { name: 'reports what is no report', book: "ctx.report({ market: {}, expectedEdgeQuote: 'x' })" },
  { name: 'reports a text', book: "ctx.report('x')", ends: /malformed/ },
  {
    name: 'names a side that there is not',
    book: "m.place({ side: 'both', size: 1, price: 100 })",
    ends: /malformed/,
  },
  {
    name: 'moves money away',
    book: "ctx.transfer({ id: 'a', way: 'away', asset: 'BTC', amount: '1' })",
    ends: /malformed/,
  },
  { name: "cancels an order of somebody else's", book: "m.cancel('other-1')" },
]
