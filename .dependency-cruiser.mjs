// Who may import whom: the table of platform/ARCHITECTURE.md as rules, read by npm run check.
//
// Every row of PARTS names a part of the tree and what it may import; whatever it does not name is
// forbidden. main.ts, bots/runtime/main.ts, scripts and test may import everything. A rule is never
// loosened for one file: move the code, or hand the thing in through a port.

const kernel = '^platform/kernel/'
const engine = '^platform/engine/'
const journal = '^platform/journal/'
const client = '^platform/client/'
const limits = '^platform/engine/limits[.]ts$'
const codec = '^platform/engine/codec([.]ts|/(peek|words)[.]ts)$'
const messages = '^platform/engine/(command|event|image)[.]ts$'
const ports = '^platform/[^/]+/port[.]ts$'
const routes = '^platform/[^/]+/routes[.]ts$'
const business = 'auth|vault|admin|wallet|orders|markets|portfolio|compliance|notifications|fleet'
const venue = '^connectors/venue[.]ts$'

/** may: values and types; types: types only; the part's own files are always allowed. */
const PARTS = [
  { part: '^platform/kernel/', may: [] },
  { part: '^platform/engine/', may: [kernel] },
  { part: '^platform/journal/', may: [kernel] },
  { part: '^platform/sequencer/', may: [kernel, engine, journal] },
  { part: '^platform/database/', may: [kernel] },
  {
    part: '^platform/views/',
    may: [kernel, limits, codec, ports, '^platform/database/'],
    types: [messages],
  },
  {
    part: `^platform/(${business})/`,
    except: '/(account-|challenge-)?store[.]ts$',
    may: [kernel, limits, ports, '^platform/views/'],
    types: [messages],
  },
  {
    part: `^platform/(${business})/(account-|challenge-)?store[.]ts$`,
    own: `^platform/(${business})/`,
    may: [kernel, limits, ports, '^platform/views/', '^platform/database/'],
    types: [messages],
  },
  { part: '^platform/(http|transport)/', may: [kernel, limits, ports, routes] },
  { part: '^platform/client/', may: [kernel], types: ['^platform/'] },
  { part: '^platform/web/', may: [kernel, client] },
  { part: '^connectors/', except: '^connectors/simulated/', may: [kernel, client] },
  { part: '^connectors/simulated/', own: '^connectors/', may: [kernel, client, engine] },
  {
    part: '^bots/',
    except: '^bots/(backtest/|runtime/main[.]ts$)',
    may: [kernel, client, venue],
  },
  {
    part: '^bots/backtest/',
    own: '^bots/',
    may: [kernel, client, venue, engine, '^connectors/(simulated|evm)/'],
  },
  { part: '^platform/[^/]+[.]ts$', except: '^platform/(main|exchange)[.]ts$', may: [kernel] },
]

const tree = '^(platform|bots|connectors|scripts|test|contracts)/'

function rulesOf({ part, except, own, may, types = [] }) {
  // A part with several folders (the business modules) may reach only the file's own one: $1.
  const itself = own ?? (part.includes('(auth') ? '^platform/$1/' : part)
  const from = except === undefined ? { path: part } : { path: part, pathNot: except }
  const to = { path: tree, pathNot: [itself, ...may, ...types] }
  const comment = 'Not in the table of allowed imports: hand it in through a port or move the code.'
  const rule = { name: `imports of ${part}`, severity: 'error', comment, from, to }
  if (types.length === 0) return [rule]
  const typeTo = { path: types, pathNot: [itself, ...may], dependencyTypesNot: ['type-only'] }
  const typeComment = 'Only the types of this file may be imported here: write import type.'
  const typeRule = { ...rule, name: `types for ${part}`, comment: typeComment, to: typeTo }
  return [rule, typeRule]
}

function forbid(name, comment, from, to) {
  return { name, severity: 'error', comment, from, to }
}

/** Installed by the benchmark that measures against them, in scripts/bench/peers. */
const benchmarkPeers = '^(nodejs-order-book|autocannon)$'
const readers = '^platform/(views/|[^/]+/(account-|challenge-)?store[.]ts$)'
const databasePackages = 'pg|prisma|@prisma/[^/]+'
const npm = (names) => `(^|/)node_modules/(${names})/`
// exchange.ts is what main.ts, benchmarks and tests open alike: composition, as main.ts.
const everything = [
  '^(scripts|test)/',
  '^platform/(main|exchange)[.]ts$',
  '^bots/runtime/main[.]ts$',
]
const configuration = '^[^/]+[.](ts|mjs)$|^platform/web/vite[.]config[.]ts$'

export default {
  forbidden: [
    ...PARTS.flatMap(rulesOf),
    forbid(
      'no cycles',
      'Two files that need each other are one, or share a third.',
      {},
      {
        circular: true,
      },
    ),
    forbid(
      'nothing missing',
      'This import leads nowhere.',
      {},
      {
        couldNotResolve: true,
        pathNot: benchmarkPeers,
      },
    ),
    forbid(
      'no input or output',
      'kernel and engine are pure: time, ids and randomness are fields of the command.',
      { path: [kernel, engine] },
      { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional'] },
    ),
    forbid(
      'one file touches the disk',
      'Only journal/storage.ts reads and writes files; go through its port.',
      { path: journal, pathNot: 'storage[.]ts$' },
      { path: '^(node:)?fs(/promises)?$' },
    ),
    forbid(
      'database packages',
      'prisma and pg are used in platform/database; ask it.',
      { pathNot: ['^platform/database/', readers, ...everything, configuration] },
      { path: npm(databasePackages) },
    ),
    forbid(
      'types of database packages',
      'Only types of pg and prisma may be imported here: the pool is handed in.',
      { path: readers },
      { path: npm(databasePackages), dependencyTypesNot: ['type-only'] },
    ),
    forbid(
      'chain packages',
      'ethers, ccxt and hardhat are used in connectors; ask a port.',
      { pathNot: ['^connectors/', ...everything, configuration] },
      { path: npm('ethers|ccxt|hardhat') },
    ),
    forbid(
      'packages of the page',
      'The page is made of preact, signals and charts; discuss before adding weight.',
      { path: '^platform/web/', pathNot: configuration },
      { path: '(^|/)node_modules/', pathNot: npm('preact|@preact/signals|lightweight-charts') },
    ),
    forbid(
      'no development packages',
      'What runs at a user must stand under dependencies in package.json.',
      { path: '^(platform|bots|connectors)/' },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    ),
    forbid(
      'nobody imports tests',
      'Move what both need into the product; only benchmarks and campaigns use the naive model.',
      { pathNot: '^(test|scripts/(bench|campaigns))/' },
      { path: '^test/' },
    ),
    forbid(
      'nobody imports scripts',
      'Move what both need into platform, bots or connectors.',
      { path: '^(platform|bots|connectors)/', pathNot: '/main[.]ts$' },
      { path: '^scripts/' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: {
      path: '^(scripts/bench/peers/node_modules|platform/(web/dist|database/generated))/',
    },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
}
