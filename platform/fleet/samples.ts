// Samples: how every bot stood, minute by minute, and less of it the older it is (INV-17).
//
// Of the last day every sample is kept, of the year before the last one of each hour, of what is
// older nothing. So a bot has at most SAMPLES_MAX, and a curve of a year is no longer than one of
// days. Thinning twice is thinning once, whenever it was done before.

import { DAY_US } from '#kernel/time.ts'
import type { CalendarEntry } from '#platform/transport/port.ts'
import type { FleetState } from './fleet-state.ts'
import { SAMPLES_ALL_DAYS, SAMPLES_HOURLY_DAYS } from './limits.ts'

const HOUR_US = DAY_US / 24

export async function sample(
  state: Pick<FleetState, 'clock' | 'entries' | 'store' | 'log'>,
): Promise<void> {
  const at = state.clock()
  const rows = [...state.entries.values()].flatMap(({ row, told }) =>
    row.wanted === 'stopped' || told === undefined || told.state === 'starting'
      ? []
      : [{ bot: row.id, at, equity: told.equity, pnl: told.pnl, fees: told.fees }],
  )
  if (rows.length === 0) return
  await state.store.addSamples(rows).catch(() => {
    state.log('the standing of the bots could not be written down')
  })
}

export function thinning({ store, clock }: Pick<FleetState, 'store' | 'clock'>): CalendarEntry {
  return {
    ...{ name: 'thin-bot-samples', cron: '37 4 * * *', every: 'day' },
    work: () => store.thinSamples(samplesKept(clock())),
  }
}

/** An hour is thinned when all of it is old enough. */
export function samplesKept(now: number) {
  return {
    from: now - SAMPLES_HOURLY_DAYS * DAY_US,
    allFrom: Math.floor((now - SAMPLES_ALL_DAYS * DAY_US) / HOUR_US) * HOUR_US,
    everyUs: HOUR_US,
  }
}
