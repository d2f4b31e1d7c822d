// Price: a number that flashes for 200 ms in the colour of its direction when it changes.

import { useRef } from 'preact/hooks'
import { grouped } from '../model/numbers.ts'

type Props = { readonly value: string | null; readonly label: string }

export function Price({ value, label }: Props) {
  const before = useRef({ value, tone: '' })
  const known = before.current
  if (known.value !== value) {
    const isUp = Number(value) > Number(known.value)
    const tone = known.value === null || value === null ? '' : isUp ? 'up' : 'down'
    before.current = { value, tone }
  }
  const { tone } = before.current
  // A new key makes a new element, and with it the animation runs once more.
  return (
    <span key={value} class={`price ${tone} ${tone === '' ? '' : 'flash'}`}>
      <span class="hidden-label">{label} </span>
      {grouped(value)}
    </span>
  )
}
