// Bot versions: what ran when, the newest first, and the way back to each.
//
// A roll-back is a version more, so the list only grows; nothing is done before a yes.

import { useApp } from '../app-context.ts'
import { paramsText } from '../model/bot-words.ts'
import { clockText } from '../model/numbers.ts'
import { type Column, Table } from './table.tsx'

const COLUMNS: readonly Column[] = [
  { name: 'Version' },
  { name: 'Since' },
  { name: 'Strategy' },
  { name: 'Text' },
  { name: 'Parameters' },
  { name: '' },
]
const HASH_SHOWN = 8

export function BotVersions() {
  const { bots, botView, dialog } = useApp()
  const bot = bots.chosen.value
  const versions = botView.versions.value
  if (bot === null || versions === null) {
    return <div class="skeleton rows" role="status" aria-label="Loading" />
  }
  const canRollBack = bots.canDeploy.value && bot.wanted !== 'stopped'
  const ask = (version: number): void => {
    bots.asked.value = { do: 'roll back', id: bot.id, version }
    dialog.value = 'bot'
  }
  return (
    <Table label="Versions of the bot" columns={COLUMNS}>
      {versions.map(({ number, at, strategy, hash, like, params }) => (
        <tr key={number}>
          <td>
            {number}
            {like !== null && <span class="muted"> like {like}</span>}
          </td>
          <td>{clockText(at)}</td>
          <td>{strategy}</td>
          <td class="muted" title={`SHA-256 ${hash}`}>
            <code>{hash.slice(0, HASH_SHOWN)}</code>
          </td>
          <td class="params" title={paramsText(params)}>
            {paramsText(params)}
          </td>
          <td class="number">
            {number === bot.version.number && <span class="state running">runs</span>}
            {number !== bot.version.number && canRollBack && (
              <button
                type="button"
                class="button quiet"
                aria-label={`Roll back to version ${number}`}
                onClick={() => ask(number)}
              >
                Roll back
              </button>
            )}
          </td>
        </tr>
      ))}
    </Table>
  )
}
