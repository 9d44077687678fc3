import type { ComponentChildren } from "preact"
import { useId, useLayoutEffect, useRef } from "preact/hooks"

interface ConfirmDialogProps {
  readonly title: string
  readonly children: ComponentChildren
  readonly confirmLabel: string
  readonly onConfirm: () => void
  readonly onCancel: () => void
}

/**
 * Asks before something that cannot be taken back. The way out has the focus, and Escape takes it. Whatever the answer,
 * the browser closes the dialog before it is rendered away: it gives the focus back where it came from.
 */
export const ConfirmDialog = ({ children, confirmLabel, onCancel, onConfirm, title }: ConfirmDialogProps) => {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useLayoutEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog
      ref={dialog}
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      onClose={(event) => {
        if (event.currentTarget.returnValue === "confirm") onConfirm()
        else onCancel()
      }}
    >
      <h2 id={`${id}-title`}>{title}</h2>
      <div id={`${id}-text`} class="stack">
        {children}
      </div>
      <div class="actions end">
        <button type="button" autofocus onClick={() => dialog.current?.close()}>
          Cancel
        </button>
        <button type="button" class="danger" onClick={() => dialog.current?.close("confirm")}>
          {confirmLabel}
        </button>
      </div>
    </dialog>
  )
}
