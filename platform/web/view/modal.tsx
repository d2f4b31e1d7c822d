// Modal: a dialog of the browser's own kind, which keeps the focus inside and closes with Esc.

import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { useApp } from '../app-context.ts'

type Props = {
  readonly title: string
  readonly children: ComponentChildren
  readonly isWide?: boolean
}

export function Modal({ title, children, isWide = false }: Props) {
  const { dialog } = useApp()
  const element = useRef<HTMLDialogElement>(null)
  const close = (): void => {
    dialog.value = 'none'
  }
  useEffect(() => {
    const before = document.activeElement
    element.current?.showModal()
    return () => {
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  return (
    <dialog
      ref={element}
      class={`modal ${isWide ? 'wide' : ''}`}
      aria-label={title}
      onClose={close}
    >
      <div class="modal-head">
        <h2>{title}</h2>
        <button type="button" class="button quiet" aria-label="Close" onClick={close}>
          ✕
        </button>
      </div>
      {children}
    </dialog>
  )
}
