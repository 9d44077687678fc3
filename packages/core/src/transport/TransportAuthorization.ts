import { type AuthProvider, UnauthorizedError } from "@modelcontextprotocol/client"

/** How a transport proves for whom it speaks. The promises never hold a secret in what they reject with. */
export interface TransportAuthorization {
  /** The access token to send, asked for before every request. */
  readonly token: () => Promise<string | undefined>
  /** The MCP server has refused a token. Whether there is another one now. */
  readonly renew: (refused: string) => Promise<boolean>
}

/** The same as the MCP client takes it, which sends a refused request once more where that has helped. */
export const toAuthProvider = (
  { renew, token }: TransportAuthorization,
  /** The token with which the refused request was sent: another call may have renewed it since. */
  tokenOf: (response: Response) => string | undefined,
): AuthProvider => ({
  token,
  onUnauthorized: async ({ response }) => {
    const refused = tokenOf(response)
    if (refused === undefined || !(await renew(refused))) throw new UnauthorizedError("Sign in again")
  },
})
