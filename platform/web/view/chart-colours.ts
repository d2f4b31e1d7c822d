// Chart colours: the design tokens as the plain colours that a canvas understands.

export type ChartColours = {
  readonly [Name in
    | 'up'
    | 'down'
    | 'paleUp'
    | 'paleDown'
    | 'pool'
    | 'line'
    | 'grid'
    | 'muted']: string
} & { readonly font: string; readonly plots: readonly string[] }

/** As they are now, for the theme that the document has. */
export function chartColours(): ChartColours {
  const probe = document.createElement('span')
  document.body.append(probe)
  const read = (name: string): string => {
    probe.style.color = `var(--${name})`
    return getComputedStyle(probe).color
  }
  const [up, down, line] = [read('up'), read('down'), read('line')]
  const colours = {
    ...{ up, down, line, pool: read('pool'), muted: read('muted') },
    ...{ paleUp: withAlpha(up, 0.4), paleDown: withAlpha(down, 0.4), grid: withAlpha(line, 0.5) },
    font: getComputedStyle(document.body).fontFamily,
    plots: [0, 1, 2, 3].map((tone) => read(`plot-${tone}`)),
  }
  probe.remove()
  return colours
}

/** Calls back when the system changes between dark and light. */
export function onSchemeChange(work: () => void): () => void {
  const query = matchMedia('(prefers-color-scheme: dark)')
  query.addEventListener('change', work)
  return () => query.removeEventListener('change', work)
}

function withAlpha(colour: string, alpha: number): string {
  return colour.replace(/^rgb\((.+)\)$/, `rgba($1, ${alpha})`)
}
