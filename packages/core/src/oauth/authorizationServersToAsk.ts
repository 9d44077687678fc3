/** Each is asked in its own time, before somebody's eyes: an MCP server that names a thousand must not take that long. */
const maxAsked = 3

/**
 * Which of the authorization servers that an MCP server names are asked, one after the other until one answers (RFC
 * 9728, section 7.6, leaves the choice to the client): those at which we are known beforehand, whatever their place; or
 * else the first ones.
 *
 * @param known issuers at which a client or a grant is set up.
 */
export const authorizationServersToAsk = (
  named: ReadonlyArray<string>,
  known: ReadonlyArray<string>,
): ReadonlyArray<string> => {
  const isKnown = new Set(known.map(withoutSlash))
  const preferred = named.filter((server) => isKnown.has(withoutSlash(server)))
  return (preferred.length > 0 ? preferred : named).slice(0, maxAsked)
}

/** Only the choice is so generous. What an issuer gave is used where its metadata have the very same name. */
const withoutSlash = (issuer: string): string => issuer.replace(/\/$/, "")
