/** Moves the focus to the first field that is wrong, once it has been rendered so. */
export const focusFirstProblem = (form: HTMLElement | null): void => {
  requestAnimationFrame(() => {
    const first = form?.querySelector('[aria-invalid="true"]')
    if (first instanceof HTMLElement) first.focus()
  })
}
