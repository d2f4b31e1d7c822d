// How many rows of a height fit into an element, kept right when its size changes.

import { useSignal } from '@preact/signals'
import type { RefObject } from 'preact'
import { useLayoutEffect } from 'preact/hooks'

const ROW_PX = 20

export function useFittingRows(element: RefObject<HTMLElement | null>, fallback: number): number {
  const rows = useSignal(fallback)
  useLayoutEffect(() => {
    const { current } = element
    if (current === null) return
    const observer = new ResizeObserver(() => {
      const fitting = Math.floor(current.clientHeight / ROW_PX)
      if (fitting > 0) rows.value = fitting
    })
    observer.observe(current)
    return () => observer.disconnect()
  }, [element, rows])
  return rows.value
}
