// Bot form: a bot that is about to be deployed, or the next version of one.
//
// Its text is checked by the platform first, which answers the parameters that the fields are made
// of. What was written stays until it is deployed, also when the dialog is closed. The request
// keeps its id while nobody knows whether it arrived.

import { computed, signal } from '@preact/signals'
import type { Client } from '#client/client.ts'
import type { Outcome } from '#client/outcome.ts'
import type { BoxStrategy, DeployedBot, Description } from '#client/shapes.ts'
import { errorsOf, type FormErrors } from './bot-errors.ts'
import type { Bots } from './bots.ts'
import { callerId } from './caller-id.ts'
import { type Limits, readLimits, writtenLimits } from './limit-fields.ts'
import type { Listing } from './listing.ts'
import type { Notices } from './notices.ts'
import { outcomeText } from './outcome-text.ts'
import { type ParamValue, readParam, type Written, writtenOf } from './param-fields.ts'

export type BotFormDeps = {
  readonly patient: Client
  readonly bots: Bots
  readonly listing: Listing
  readonly notices: Notices
}

export type BudgetRow = { readonly asset: string; readonly amount: string }

const NO_ERRORS: FormErrors = new Map()
const ID = /^[a-z0-9][a-z0-9-]{0,31}$/

export function createBotForm(deps: BotFormDeps) {
  const state = createState()
  return {
    ...state,
    /** The fields belong to the text as it stands. */
    isDescribed: computed(() => state.described.value?.source === state.source.value),
    begin: (): void => {
      if (state.updating.peek() !== null) reset(state)
    },
    beginUpdate: (bot: DeployedBot) => beginUpdate(deps, state, bot),
    check: () => check(deps, state),
    /** Asks for it once; a form without it is a form. */
    openBox: async (): Promise<void> => {
      if (state.box.peek().length > 0) return
      const outcome = await deps.patient.box()
      if (outcome.kind === 'done') state.box.value = outcome.value.items
    },
    takeFromBox: (name: string) => takeFromBox(deps, state, name),
    write: (source: string): void => {
      state.source.value = source
      drop(state, 'source')
    },
    setParam: (name: string, written: Written): void => {
      state.params.value = new Map(state.params.peek()).set(name, written)
      drop(state, `param ${name}`)
    },
    setLimit: (name: string, written: Written): void => {
      state.limits.value = new Map(state.limits.peek()).set(name, written)
      drop(state, `limit ${name}`)
    },
    setBudget: (rows: readonly BudgetRow[]): void => {
      state.budget.value = rows
      drop(state, 'budget')
    },
    setId: (id: string): void => {
      state.id.value = id
      drop(state, 'id')
    },
    setVenue: (name: string, isWanted: boolean): void => {
      const others = state.venues.peek().filter((one) => one !== name)
      state.venues.value = isWanted ? [...others, name] : others
      drop(state, 'venues')
    },
    /** True when it is done. */
    send: () => send(deps, state),
  }
}

function createState() {
  return {
    /** null: a new bot. */
    updating: signal<DeployedBot | null>(null),
    id: signal(''),
    source: signal(''),
    described: signal<{ readonly source: string; readonly of: Description } | null>(null),
    params: signal<ReadonlyMap<string, Written>>(new Map()),
    budget: signal<readonly BudgetRow[]>([{ asset: 'USDC', amount: '' }]),
    limits: signal<ReadonlyMap<string, Written>>(new Map()),
    venues: signal<readonly string[]>([]),
    errors: signal(NO_ERRORS),
    busy: signal<'no' | 'checking' | 'sending'>('no'),
    /** Strategies that come with the platform. */
    box: signal<readonly Pick<BoxStrategy, 'name' | 'idea'>[]>([]),
    request: { id: callerId() },
  }
}

type State = ReturnType<typeof createState>

function drop({ errors }: State, field: string): void {
  if (!errors.peek().has(field)) return
  errors.value = new Map([...errors.peek()].filter(([name]) => name !== field))
}

function reset(state: State): void {
  const fresh = createState()
  state.updating.value = null
  state.id.value = ''
  state.source.value = ''
  state.described.value = null
  state.params.value = fresh.params.value
  state.budget.value = fresh.budget.value
  state.limits.value = fresh.limits.value
  state.venues.value = []
  state.errors.value = NO_ERRORS
  state.request.id = callerId()
}

async function beginUpdate(deps: BotFormDeps, state: State, bot: DeployedBot): Promise<void> {
  const { id, version } = bot
  reset(state)
  state.updating.value = bot
  state.id.value = id
  state.limits.value = writtenLimits(version.limits)
  state.venues.value = version.venues
  const outcome = await deps.patient.botSource(id, { version: version.number })
  if (state.updating.peek() !== bot) return
  if (outcome.kind !== 'done') {
    state.errors.value = new Map([['source', outcomeText(outcome)]])
    return
  }
  state.source.value = outcome.value.source
  await check(deps, state)
}

async function takeFromBox(deps: BotFormDeps, state: State, name: string): Promise<void> {
  const outcome = await deps.patient.ofBox(name)
  if (outcome.kind !== 'done') {
    state.errors.value = new Map([['source', outcomeText(outcome)]])
    return
  }
  state.source.value = outcome.value.strategy.source
  drop(state, 'source')
  await check(deps, state)
}

async function check({ patient }: BotFormDeps, state: State): Promise<void> {
  const source = state.source.peek()
  if (source.trim() === '') {
    state.errors.value = new Map([['source', 'Paste a strategy, or choose its file.']])
    return
  }
  state.busy.value = 'checking'
  const outcome = await patient.describeStrategy(source)
  state.busy.value = 'no'
  // What was written meanwhile is another text.
  if (state.source.peek() !== source) return
  if (outcome.kind !== 'done') {
    state.errors.value = placed(state, outcome)
    return
  }
  fill(state, source, outcome.value.strategy)
}

/** Fields of the text; what was written for one of the same name stays. */
function fill(state: State, source: string, of: Description): void {
  const { params, limits, venues, updating, id } = state
  const given = updating.peek()?.version.params ?? {}
  params.value = new Map(
    of.params.map((param) => [
      param.name,
      params.peek().get(param.name) ?? writtenOf(param, given[param.name]),
    ]),
  )
  if (limits.peek().size === 0) limits.value = writtenLimits(of.limits)
  if (venues.peek().length === 0) venues.value = of.venues
  if (id.peek() === '') id.value = idOf(of.name)
  state.described.value = { source, of }
  state.errors.value = NO_ERRORS
}

/** A first name for a bot: that of its strategy. */
function idOf(name: string): string {
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
  return plain.replaceAll(/^-+|-+$/g, '').slice(0, 32)
}

function placed(state: State, outcome: Exclude<Outcome<unknown>, { kind: 'done' }>): FormErrors {
  if (outcome.kind === 'unknown') return new Map([['form', outcomeText(outcome)]])
  const params = state.described.peek()?.of.params ?? []
  return errorsOf(outcome, { params, written: state.params.peek() })
}

type Terms = {
  readonly params: Record<string, ParamValue>
  readonly limits: Partial<Limits>
  readonly budget: BudgetRow[]
}

type ReadForm =
  | { readonly ok: true; readonly terms: Terms }
  | { readonly ok: false; readonly errors: FormErrors }

/** What the form says, or what is wrong with it, by field. */
function readForm(state: State): ReadForm {
  const errors = new Map<string, string>()
  const of = state.described.peek()?.of
  if (of === undefined) {
    return { ok: false, errors: new Map([['source', 'Check the strategy first.']]) }
  }
  const params = of.params.map((param) => {
    const read = readParam(param, state.params.peek().get(param.name) ?? '')
    if (!read.ok) errors.set(`param ${param.name}`, read.why)
    return [param.name, read.ok ? read.value : ''] as const
  })
  const before = state.updating.peek()?.version.limits ?? of.limits
  const { changed: limits, wrong } = readLimits(state.limits.peek(), before)
  for (const name of wrong) errors.set(`limit ${name}`, 'A number, zero or more.')
  if (state.venues.peek().length === 0) errors.set('venues', 'At least one.')
  const budget = state.budget.peek().filter(({ amount }) => amount !== '')
  if (state.updating.peek() === null) {
    if (!ID.test(state.id.peek())) errors.set('id', 'Small letters, digits and hyphens, up to 32.')
    if (budget.length === 0) errors.set('budget', 'What may it use? At least one amount.')
  }
  if (errors.size > 0) return { ok: false, errors }
  return { ok: true, terms: { params: Object.fromEntries(params), limits, budget } }
}

async function send(deps: BotFormDeps, state: State): Promise<boolean> {
  const read = readForm(state)
  if (!read.ok) {
    state.errors.value = read.errors
    return false
  }
  state.busy.value = 'sending'
  const outcome = await request(deps, state, read.terms)
  state.busy.value = 'no'
  if (outcome.kind !== 'done') {
    state.errors.value = placed(state, outcome)
    // Refused: nothing has happened, and the next try is another request.
    if (outcome.kind === 'refused') state.request.id = callerId()
    return false
  }
  const { bot } = outcome.value
  deps.notices.say(`${bot.id} runs version ${bot.version.number}`)
  reset(state)
  await deps.bots.read()
  deps.bots.selected.value = bot.id
  return true
}

function request({ patient }: BotFormDeps, state: State, { params, limits, budget }: Terms) {
  const requestId = state.request.id
  const bot = state.updating.peek()
  const common = { requestId, params, limits, venues: [...state.venues.peek()] }
  const source = state.source.peek()
  if (bot === null) return patient.deployBot({ ...common, id: state.id.peek(), source, budget })
  return patient.updateBot(bot.id, { ...common, source })
}
