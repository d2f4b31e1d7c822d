// Course: equity over time as a line, with its highest and lowest worth, its begin and its end.
//
// For a screen reader it is one sentence. Thousands of minutes are thinned to what can be seen.

import type { CoursePoint } from '../model/bot-view.ts'
import { clockText, fixed } from '../model/numbers.ts'

type Props = { readonly points: readonly CoursePoint[]; readonly isLoading: boolean }

const [WIDTH, HEIGHT, MARGIN] = [600, 120, 6]

export function Course({ points, isLoading }: Props) {
  const [first, last] = [points[0], points.at(-1)]
  if (isLoading) return <div class="course skeleton" role="status" aria-label="Loading" />
  if (first === undefined || last === undefined || points.length < 2) {
    return <p class="course hint">The curve begins when the bot has told what it is worth.</p>
  }
  const worths = points.map(({ equity }) => equity)
  const [low, high] = [Math.min(...worths), Math.max(...worths)]
  const said = `Equity from ${fixed(first.equity, 2)} to ${fixed(last.equity, 2)} USDC`
  const line = pathOf(points, { low, high })
  return (
    <figure class={`course ${last.equity >= first.equity ? 'up' : 'down'}`}>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${said}, between ${fixed(low, 2)} and ${fixed(high, 2)}`}
      >
        <path class="course-area" d={`${line}V${HEIGHT}H0Z`} />
        <path class="course-line" d={line} />
      </svg>
      <figcaption>
        <span class="course-high">{fixed(high, 2)}</span>
        <span class="course-low">{fixed(low, 2)}</span>
        <span class="course-from">{clockText(first.at)}</span>
        <span class="course-to">{clockText(last.at)}</span>
      </figcaption>
    </figure>
  )
}

type Range = { readonly low: number; readonly high: number }

function pathOf(points: readonly CoursePoint[], { low, high }: Range): string {
  const [begin, end] = [points[0]?.at ?? 0, points.at(-1)?.at ?? 0]
  const scale = (HEIGHT - 2 * MARGIN) / (high - low || 1)
  const flat = high === low ? HEIGHT / 2 : 0
  const every = Math.max(1, Math.ceil(points.length / WIDTH))
  const shown = points.filter((_, at) => at % every === 0 || at === points.length - 1)
  const places = shown.map(({ at, equity }) => {
    const x = ((at - begin) / (end - begin || 1)) * WIDTH
    const y = flat === 0 ? HEIGHT - MARGIN - (equity - low) * scale : flat
    return `${x.toFixed(1)},${y.toFixed(1)}`
  })
  return `M${places.join('L')}`
}
