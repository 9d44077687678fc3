/** A value as JSON on one line, its long strings, paths and ids shortened: to be read, not to be used. */
export const shortJson = (value: unknown): string => {
  const json = JSON.stringify(
    value,
    (_key, part: unknown) => (typeof part === "string" ? shorten(part) : part),
    1,
  )
  return shortIds((json ?? "nothing").replaceAll(/,\n\s*/g, ", ").replaceAll(/\n\s*/g, ""))
}

/** Every UUID down to its first eight digits. */
export const shortIds = (text: string): string =>
  text.replaceAll(/\b([\da-f]{8})-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/g, "$1…")

/** The end of a long path, which tells what it is of. */
export const shortPath = (path: string): string => path.replace(/^.*(?=(?:[\\/][^\\/]+){3}$)/, "…")

const shorten = (text: string): string => {
  if (/^(?:\/|[A-Z]:\\)\S+$/.test(text)) return shortPath(text)
  // One word that long is data, and says nothing to a reader.
  const longest = text.includes(" ") ? 240 : 60
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}
