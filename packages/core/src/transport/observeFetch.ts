import { type Challenge, challengeOf } from "./Challenge.ts"
import type { Egress } from "../security/egress/Egress.ts"

type Fetch = Egress["Service"]["fetch"]

/** A fetch that remembers what the MCP client's errors do not keep. */
export interface ObservedFetch {
  readonly fetch: Fetch
  /** What the last failed request failed with. */
  readonly lastFailure: () => unknown
  /** What the MCP server last said about how to be let in. */
  readonly challenge: () => Challenge | undefined
  /** The access token with which the request was sent that got this answer. */
  readonly tokenOf: (response: Response) => string | undefined
}

export const observeFetch = (fetch: Fetch): ObservedFetch => {
  const tokens = new WeakMap<Response, string>()
  let failure: unknown
  let challenge: Challenge | undefined
  return {
    fetch: async (input, init) => {
      try {
        const response = await fetch(input, init)
        if (response.ok) return response
        challenge = challengeOf(response) ?? challenge
        const [, token] =
          /^(?:Bearer|DPoP) (.+)$/i.exec(new Headers(init?.headers).get("authorization") ?? "") ?? []
        if (token !== undefined) tokens.set(response, token)
        return response
      } catch (error) {
        failure = error
        throw error
      }
    },
    lastFailure: () => failure,
    challenge: () => challenge,
    tokenOf: (response) => tokens.get(response),
  }
}
