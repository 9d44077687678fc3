/**
 * Makes visible what would change how the text around it is read: control characters, and the marks that turn the
 * direction of writing (Unicode Standard Annex 9), by which a name can look like another one.
 */
export const showControls = (text: string): string =>
  text.replaceAll(
    /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/g,
    "\uFFFD",
  )

/** The beginning of a text, and whether it goes on. Never in the middle of a character. */
export const clip = (
  text: string,
  length: number,
): { readonly text: string; readonly isClipped: boolean } => {
  if (text.length <= length) return { text, isClipped: false }
  const code = text.charCodeAt(length - 1)
  return { text: text.slice(0, code >= 0xd800 && code <= 0xdbff ? length - 1 : length), isClipped: true }
}
