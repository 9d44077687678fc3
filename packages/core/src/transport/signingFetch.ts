import { type FetchLike, withDpop } from "@modelcontextprotocol/client"
import type { TransportAuthorization } from "./TransportAuthorization.ts"

/**
 * Sends access tokens as the key's that they are bound to, each request signed on its own (RFC 9449, section 7). A
 * nonce that the MCP server demands is kept for as long as the transport.
 */
export const signingFetch = (fetch: FetchLike, { dpop, token }: TransportAuthorization): FetchLike => {
  let session: ReturnType<NonNullable<typeof dpop>> | undefined
  return withDpop(async () => (session ??= dpop?.()), token)(fetch)
}
