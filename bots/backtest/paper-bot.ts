// Paper bot: the venue of a bot that trades on paper, with its account in a file of its own.
//
// It takes the place of the live venue and has its name, so the strategy is the same file. Nothing
// of it is ever in the books of the live bot: state, tape and account lie under another name.

import { openPaperStore } from '#connectors/simulated/paper-store.ts'
import { openPaperVenue, type PaperVenueOptions } from '#connectors/simulated/paper-venue.ts'
import type { BotVenue } from '../runtime/bot-venue.ts'

export type PaperBotOptions = Omit<PaperVenueOptions, 'store'> & {
  /** Of the account; without it the account ends with the process. */
  readonly path?: string
}

export async function openPaperBot({ path, ...options }: PaperBotOptions): Promise<BotVenue> {
  const store = path === undefined ? {} : { store: openPaperStore(path) }
  const venue = await openPaperVenue({ ...options, ...store })
  return {
    venue,
    // The runner ends it when it stops; then nobody writes the account but who comes next.
    watch(listener) {
      const end = venue.watch(listener)
      return () => {
        end()
        void venue.close()
      }
    },
  }
}

/** What a bot's files are called: books on paper are never found by the live bot. */
export function fileNameOf(bot: { readonly id: string; readonly paper?: object }): string {
  return bot.paper === undefined ? bot.id : `${bot.id}.paper`
}
