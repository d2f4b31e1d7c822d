// Gauges: numbers of the platform's parts, read from the text that Prometheus scrapes.

const LINE = /^crossbook_(\w+) ([0-9.eE+-]+)$/gm

/** Every number without labels, by its name without the prefix; none when there is no answer. */
export async function gaugesOf(url: string): Promise<ReadonlyMap<string, number>> {
  try {
    const response = await fetch(url)
    return readGauges(await response.text())
  } catch {
    return new Map()
  }
}

export function readGauges(text: string): ReadonlyMap<string, number> {
  return new Map([...text.matchAll(LINE)].map(([, name = '', value]) => [name, Number(value)]))
}
