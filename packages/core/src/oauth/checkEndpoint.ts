import * as Effect from "effect/Effect"
import { AuthorizationFailed } from "./AuthorizationFailed.ts"

/**
 * Refuses endpoints of an authorization server that nobody should be sent to: a browser follows a custom scheme into
 * an application, and what goes over plain HTTP is read on the way (RFC 9700, section 4.1; OAuth 2.1, section 1.5).
 */
export const checkEndpoint = (endpoint: string): Effect.Effect<URL, AuthorizationFailed> => {
  const url = URL.parse(endpoint)
  const isSafe =
    url !== null &&
    // As it is written, not as it was parsed: what the parser silently drops or mends may read differently elsewhere.
    /^https?:\/\/[^/?@]+(?:[/?]|$)/i.test(endpoint) &&
    !/[\u0000-\u0020\u007f-\u009f\\#]/.test(endpoint) &&
    (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname)))
  return isSafe
    ? Effect.succeed(url)
    : Effect.fail(
        new AuthorizationFailed({
          code: "unsafe_endpoint",
          problem:
            "The authorization server of the MCP server names an address that is not safe to use: only https is, without user name and fragment. Tell its operator.",
        }),
      )
}

/** Whether a URL's host name is one of this machine's own. */
export const isLoopback = (hostname: string): boolean =>
  hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname)
