// How many rows fit into an element, as a fraction, kept right when its size changes.

import { useSignal } from '@preact/signals'
import type { RefObject } from 'preact'
import { useLayoutEffect } from 'preact/hooks'

/** The token --row. */
const ROW_PX = 18

export function useFittingRows(element: RefObject<HTMLElement | null>, fallback: number): number {
  const rows = useSignal(fallback)
  useLayoutEffect(() => {
    const { current } = element
    if (current === null) return
    const observer = new ResizeObserver(() => {
      const fitting = current.clientHeight / ROW_PX
      if (fitting > 0) rows.value = fitting
    })
    observer.observe(current)
    return () => observer.disconnect()
  }, [element, rows])
  return rows.value
}
