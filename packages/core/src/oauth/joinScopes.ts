/** Scopes as OAuth's requests name them, each once; null where there are none (RFC 6749, section 3.3). */
export const joinScopes = (...lists: ReadonlyArray<ReadonlyArray<string>>): string | null => {
  const scopes = [...new Set(lists.flat())].filter((scope) => scope !== "")
  return scopes.length === 0 ? null : scopes.join(" ")
}
