import { type AuthProvider, type DpopSession, UnauthorizedError } from "@modelcontextprotocol/client"
import { type Challenge, challengeOf, noChallenge } from "./Challenge.ts"
import { tokenOf } from "./ObservedFetch.ts"

/** How a transport proves for whom it speaks. The promises never hold a secret in what they reject with. */
export interface TransportAuthorization {
  /** The access token to send, asked for before every request. */
  readonly token: () => Promise<string | undefined>
  /**
   * The MCP server has refused a token, or wants one where none was sent. Whether there is another one now. It rejects
   * with `AuthorizationFailed` where one could not be got.
   */
  readonly renew: (refused: string | undefined, challenge: Challenge) => Promise<boolean>
  /** Whether the user can help where it is refused, by signing in. */
  readonly isSignIn: boolean
  /** Makes what signs with the key that the tokens are bound to, where they are (RFC 9449). */
  readonly dpop?: () => Promise<DpopSession>
}

/** The same as the MCP client takes it, which sends a refused request once more where that has helped. */
export const toAuthProvider = ({ renew, token }: TransportAuthorization): AuthProvider => ({
  token,
  onUnauthorized: async ({ response }) => {
    // The token that was refused: another call may have renewed it since.
    if (!(await renew(tokenOf(response), challengeOf(response) ?? noChallenge))) {
      throw new UnauthorizedError("Sign in again")
    }
  },
})
