// Status bar: whether what the page shows is live, and how the platform is doing.
//
// A figure that the platform does not tell is a dash or left out; none is guessed.

import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { useApp } from '../app-context.ts'
import { ageText, fixed, UNKNOWN } from '../model/numbers.ts'

export function StatusBar() {
  const { health, latencyMs, gauges } = useApp().connection
  const known = health.value
  const journalMs = gauges.value.get('commit_p99_ms')
  const block = gauges.value.get('chain_block')
  const latency = latencyMs.value === null ? UNKNOWN : `${Math.round(latencyMs.value)} ms`
  return (
    <footer class="status-bar">
      <Liveness latency={latency} />
      <Figure name="seq" value={known === null ? UNKNOWN : fixed(known.releasedSeq, 0)} />
      <Figure
        name="journal p99"
        value={journalMs === undefined ? UNKNOWN : `${journalMs.toFixed(1)} ms`}
      />
      <Figure name="views" value={known === null ? UNKNOWN : `+${fixed(known.projectorLag, 0)}`} />
      {known !== null && known.chain !== 'none' && <Figure name="chain" value={known.chain} />}
      {block !== undefined && <Figure name="block" value={fixed(block, 0)} />}
      <span class="status-end">
        <kbd>B</kbd> buy <kbd>S</kbd> sell <kbd>/</kbd> market
      </span>
    </footer>
  )
}

function Liveness({ latency }: { readonly latency: string }) {
  const { staleSince, isOpen } = useApp().connection
  const now = useSignal(Date.now())
  const since = staleSince.value
  useEffect(() => {
    if (since === null) return
    now.value = Date.now()
    const timer = setInterval(() => {
      now.value = Date.now()
    }, 1_000)
    return () => clearInterval(timer)
  }, [since, now])
  if (since !== null) {
    return (
      <span class="liveness lost" role="status">
        Connection lost {ageText(now.value - since)} ago, trying again
      </span>
    )
  }
  return (
    <span class="liveness" role="status">
      {isOpen.value ? `connected ${latency}` : 'connecting'}
    </span>
  )
}

function Figure({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <span class="status-figure">
      {name} <b>{value}</b>
    </span>
  )
}
