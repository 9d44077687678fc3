/** The window in which the user is to sign in, opened before it is known where that is. */
let prepared: Window | undefined

/**
 * Opens the window on the click itself, as browsers allow it, with a page of our own until the address is known. Where
 * a popup is blocked there is none, and a link does.
 */
export const prepareSignInWindow = (): void => {
  closeOwn(prepared)
  prepared = openSevered()
}

/** Closes a window that shows a page of ours. Over any other the console has given up its power, by severing it. */
export const closeOwn = (opened: Window | undefined): void => {
  try {
    if (opened?.location.origin === location.origin) opened.close()
  } catch {
    // It is on a page of somebody else's.
  }
}

/** The prepared window, if there is one, for one attempt. */
export const takeSignInWindow = (): Window | undefined => {
  const taken = prepared
  prepared = undefined
  return taken === undefined || taken.closed ? undefined : taken
}

/** Opens a window that never knows this one: where the user signs in, a page chosen by an MCP server is shown. */
export const openSevered = (): Window | undefined => {
  const width = 520
  const height = 720
  const left = Math.max(0, Math.round(screenX + (outerWidth - width) / 2))
  const top = Math.max(0, Math.round(screenY + (outerHeight - height) / 2))
  const opened = open(
    "waiting.html",
    "_blank",
    `popup,width=${width},height=${height},left=${left},top=${top}`,
  )
  if (opened === null) return undefined
  opened.opener = null
  return opened
}
