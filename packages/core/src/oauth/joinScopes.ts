/**
 * Scopes as OAuth's requests name them, each once; null where there are none (RFC 6749, section 3.3).
 *
 * @param lists each as such a text, or one by one.
 */
export const joinScopes = (
  ...lists: ReadonlyArray<ReadonlyArray<string> | string | null | undefined>
): string | null => {
  const all = lists.flatMap((list) => (typeof list === "string" ? list.split(" ") : (list ?? [])))
  const scopes = [...new Set(all)].filter((scope) => scope !== "")
  return scopes.length === 0 ? null : scopes.join(" ")
}
