/** A URL that may become a link: `http:` or `https:`, without a user's name or password in it. Undefined for all others. */
export const safeLink = (text: unknown): string | undefined => {
  if (typeof text !== "string" || text.length > 8_192) return undefined
  const url = URL.parse(text)
  if (url === null || !["http:", "https:"].includes(url.protocol)) return undefined
  return url.username === "" && url.password === "" ? url.href : undefined
}
