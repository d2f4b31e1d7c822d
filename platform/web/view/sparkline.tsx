// Sparkline: a line of numbers without axes, for a shape at a glance.

type Props = { readonly points: readonly number[]; readonly label: string }

const [WIDTH, HEIGHT] = [120, 28]

export function Sparkline({ points, label }: Props) {
  const [low, high] = [Math.min(...points), Math.max(...points)]
  const height = high - low || 1
  const step = WIDTH / Math.max(1, points.length - 1)
  const line = points.map((point, index) => {
    const y = HEIGHT - 2 - ((point - low) / height) * (HEIGHT - 4)
    return `${(index * step).toFixed(1)},${y.toFixed(1)}`
  })
  const isUp = (points.at(-1) ?? 0) >= (points[0] ?? 0)
  return (
    <svg class="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      {points.length > 1 && (
        <polyline points={line.join(' ')} class={isUp ? 'up' : 'down'} fill="none" />
      )}
    </svg>
  )
}
