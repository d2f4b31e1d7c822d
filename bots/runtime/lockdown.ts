// Lockdown: takes from a strategy process what a strategy has no use for, before its code is read.
//
// Nothing but the language stays: no built-in module by any spelling, no process, no timers, no
// clock, no chance, no WebAssembly; prototypes are frozen, so that nothing of Node's is caught
// through them. This is a lock on the door and no wall: the walls are the kernel's (sandbox.ts).
// What is used after the strategy's code runs must not be a method that code could replace.

import { registerHooks } from 'node:module'

export type Lock = {
  /** Nothing at all is imported any more. */
  shut(): void
}

const KEPT = new Set([
  ...['globalThis', 'Infinity', 'NaN', 'undefined', 'isFinite', 'isNaN', 'parseFloat', 'parseInt'],
  ...['decodeURI', 'decodeURIComponent', 'encodeURI', 'encodeURIComponent', 'escape', 'unescape'],
  ...['Object', 'Function', 'Array', 'Number', 'Boolean', 'String', 'Symbol', 'BigInt', 'Math'],
  ...['Date', 'Promise', 'RegExp', 'JSON', 'Intl', 'Map', 'Set', 'WeakMap', 'WeakSet', 'WeakRef'],
  ...['Proxy', 'Reflect', 'Iterator', 'ArrayBuffer', 'DataView', 'structuredClone', 'eval'],
  ...['Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array'],
  ...['Uint32Array', 'Float16Array', 'Float32Array', 'Float64Array'],
  ...['BigInt64Array', 'BigUint64Array'],
  ...['Error', 'AggregateError', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError'],
  ...['TypeError', 'URIError', 'SuppressedError'],
])

const STRATEGY = new URL('../strategy.ts', import.meta.url).href

/** To be called once, when everything of the runtime's own has been imported. */
export function lockDown(log: (text: string) => void): Lock {
  const state = { isShut: false }
  holdModules(state)
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (!KEPT.has(name)) Reflect.deleteProperty(globalThis, name)
  }
  stopClock()
  const say = (...parts: unknown[]) => log(String(parts[0]))
  const console = Object.freeze({ log: say, info: say, warn: say, error: say, debug: say })
  Object.defineProperty(globalThis, 'console', { value: console })
  freezeLanguage()
  return {
    shut() {
      state.isShut = true
    },
  }
}

function holdModules(state: { readonly isShut: boolean }): void {
  registerHooks({
    resolve(specifier, context, next) {
      if (state.isShut) throw new Error('a running strategy imports nothing')
      if (specifier === 'crossbook/strategy') return { url: STRATEGY, shortCircuit: true }
      const found = next(specifier, context)
      if (!isFile(found.url)) throw new Error(`a strategy may not import ${specifier}`)
      return found
    },
    load(url, context, next) {
      const loaded = next(url, context)
      const { format } = loaded
      // A CommonJS module holds Node's own loader in its hands.
      const isModule = format === 'module' || format === 'module-typescript' || format === 'json'
      if (!isModule) throw new Error(`a strategy may not load ${url} as ${format}`)
      return loaded
    },
  })
}

/** By characters: a method of strings could be another one by then. */
function isFile(url: string): boolean {
  return url[0] === 'f' && url[1] === 'i' && url[2] === 'l' && url[3] === 'e' && url[4] === ':'
}

/** The same events give the same run: time is ctx.now(), chance is ctx.random(). */
function stopClock(): void {
  const refuse = (instead: string) => () => {
    throw new Error(`the same events must give the same run: ask ${instead}`)
  }
  const noTime = refuse('ctx.now()')
  const TrueDate = Date
  const handler: ProxyHandler<DateConstructor> = {
    construct: (target, given, made) =>
      given.length === 0 ? noTime() : Reflect.construct(target, given, made),
    apply: noTime,
  }
  Object.defineProperty(TrueDate, 'now', { value: noTime })
  const StillDate = new Proxy(TrueDate, handler)
  Object.defineProperty(TrueDate.prototype, 'constructor', { value: StillDate })
  Object.defineProperty(globalThis, 'Date', { value: StillDate })
  Object.defineProperty(Math, 'random', { value: refuse('ctx.random()') })
}

/** Errors stay as they are: their names are written to by every class of errors. */
function freezeLanguage(): void {
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    const value: unknown = Reflect.get(globalThis, name)
    if (name === 'globalThis' || name.endsWith('Error')) continue
    if (typeof value !== 'function' && typeof value !== 'object') continue
    Object.freeze(value)
    const prototype: unknown = typeof value === 'function' ? value.prototype : undefined
    if (prototype !== undefined) Object.freeze(prototype)
  }
  const hidden = [[].values(), new Map().values(), new Set().values(), ''.matchAll(/a/g)]
  for (const iterator of hidden) Object.freeze(Object.getPrototypeOf(iterator))
  const asynchronous = async function* () {}
  Object.freeze(Object.getPrototypeOf(asynchronous))
  Object.freeze(Object.getPrototypeOf(Uint8Array).prototype)
}
