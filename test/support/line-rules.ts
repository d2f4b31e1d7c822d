// The house rules that one line of text can break: a table read by test/tidy.test.ts.
//
// `where` and `except` choose files by path; `pattern` is tried on each line without its strings
// and comments, or on the whole line when `raw`. The advice says what to do instead.

export type LineRule = {
  readonly name: string
  readonly where: RegExp
  readonly except?: RegExp
  readonly pattern: RegExp
  readonly raw?: true
  /** A line that the rule must find. */
  readonly breaks: string
  readonly advice: string
}

const product = /^(platform|bots|connectors|scripts)\//
const typed = /^(platform|bots|connectors|scripts)\/.*[.]tsx?$/
const pure = /^platform\/(kernel|engine)\//
const exact = /^platform\/(kernel|engine|journal|sequencer)\//
/** AssemblyScript, where classes are records in memory and long integers have no objects. */
const core = /^(platform\/engine|scripts\/bench)\/core\//
const everything = /./

const TYPES = 'string|number|bigint|boolean|never|unknown|readonly|typeof|keyof'

export const LINE_RULES: readonly LineRule[] = [
  {
    name: 'lines of at most 100 characters',
    where: everything,
    pattern: /^.{101,}$/,
    raw: true,
    breaks: 'x'.repeat(101),
    advice: 'Break the line; a long condition deserves a name.',
  },
  {
    name: 'no clock, randomness, timers or process in kernel and engine',
    where: pure,
    pattern: /\b(Date|Math\.random|performance|process|crypto|set(Timeout|Interval|Immediate))\b/,
    breaks: 'const now = Date.now()',
    advice: 'The engine is a function: make time, ids and randomness fields of the command.',
  },
  {
    name: 'nothing asynchronous in kernel and engine',
    where: pure,
    pattern: /\b(async|await|Promise|queueMicrotask)\b/,
    breaks: 'const book = await load()',
    advice: 'The engine answers at once: do the waiting in the sequencer.',
  },
  {
    name: 'no fractions where money is counted',
    where: exact,
    pattern: /\b(parseFloat|toFixed|Float32Array)\b|\b\d[\d_]*\.\d/,
    breaks: 'const half = size * 0.5',
    advice: 'Count in ledger units, ticks, lots or 1e-6: integers have no rounding error.',
  },
  {
    name: 'no bigint in the engine',
    where: /^platform\/engine\//,
    except: /codec\/words[.]ts$/,
    pattern: /\bBig(Int|Uint)\w*\b|\b\d[\d_]*n\b/,
    breaks: 'const one = 1n',
    advice: 'Use mulExact, mulDivDown, mulDivUp of the kernel; bigint allocates on the hot path.',
  },
  {
    name: 'no bare casts',
    where: typed,
    except: /codec[.]ts$/,
    pattern: new RegExp(`^(?!\\s*(import|export)\\b.*\\bfrom\\b).*\\bas ([A-Z{([]|(${TYPES})\\b)`),
    breaks: 'const order = body as Order',
    advice: 'Narrow with a check or a codec; else say in a comment why the cast is right.',
  },
  {
    name: 'no any and no non-null assertion',
    where: typed,
    pattern: /[:<,|&] ?any\b|\bas any\b|[\w)\]]!([.;,)[\]]|$)/,
    breaks: 'const best = levels[0]!',
    advice: 'Use unknown and narrow it; read typed arrays through at(array, i).',
  },
  {
    name: 'no state at module level',
    where: product,
    pattern: /^(export )?(let|var)\b/,
    breaks: 'let count = 0',
    advice: 'Put it into a createX(deps) factory, so that two of them can live side by side.',
  },
  {
    name: 'no barrels',
    where: product,
    pattern: /^export (\*|(type )?\{.*\}) (as \w+ )?from\b/,
    breaks: "export * from './hold.ts'",
    advice: 'Import a thing from the file that defines it.',
  },
  {
    name: 'no classes of our own',
    where: typed,
    except: core,
    pattern: /^\s*(export )?(default )?(abstract )?class \w+\b(?! extends)/,
    breaks: 'export class OrderManager {',
    advice: 'Write a createX(deps) factory that answers a frozen object of functions.',
  },
  {
    name: 'no singletons',
    where: product,
    pattern: /\bgetInstance\b/,
    breaks: 'const ledger = Ledger.getInstance()',
    advice: 'main.ts creates one and hands it in.',
  },
  {
    name: 'no silenced compiler',
    where: everything,
    pattern: /@ts-(ignore|nocheck|expect-error)|biome-ignore[^:]*(noExplicitAny|noNonNull)/,
    raw: true,
    except: /line-rules/,
    breaks: '// @ts-ignore',
    advice: 'Make the types say what is true instead.',
  },
  {
    name: 'nothing left for later',
    where: everything,
    except: /line-rules/,
    pattern: /\b(TODO|FIXME|XXX|HACK)\b/,
    raw: true,
    breaks: '// TODO: fees',
    advice: 'Do it now, or write an issue and leave the code without a promise.',
  },
  {
    name: 'no test is switched off or alone',
    where: /^test\//,
    pattern: /\b(test|it|describe|suite)\.(only|skip|todo)\(|\b(skip|todo|only): true\b/,
    breaks: "test.skip('a', () => {})",
    advice: "Mend or remove it; what lacks a system package calls t.skip('why').",
  },
  {
    name: 'no test ends its process',
    where: /[.]test[.]ts$/,
    pattern: /\bprocess\.exit\(/,
    breaks: 'process.exit(0)',
    advice: 'Close what is open and return: tests after an exit are silently not run.',
  },
  {
    name: 'no path of one machine',
    where: everything,
    except: /line-rules/,
    pattern: /\/work\/|\/root\/|\/home\/\w|\/tmp\/\w|\.\.\/shared\//,
    raw: true,
    breaks: "readFileSync('/home/me/prices.csv')",
    advice: 'Resolve paths from import.meta.dirname, temporary ones from os.tmpdir().',
  },
]
