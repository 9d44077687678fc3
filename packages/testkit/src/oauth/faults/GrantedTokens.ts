import { randomUUID } from "node:crypto"
import type { AccessToken } from "../AccessTokens.ts"

/** What a user has consented to. */
export interface Grant {
  readonly clientId: string
  readonly resource: string | undefined
  readonly scope: string
}

const hour = 60 * 60

/** The tokens of a small authorization server, all of them of one user and good for an hour. */
export class GrantedTokens {
  readonly #access = new Map<string, AccessToken>()
  readonly #refresh = new Map<string, Grant>()

  get count(): number {
    return this.#access.size
  }

  findAccess(token: string): AccessToken | undefined {
    return this.#access.get(token)
  }

  findRefresh(token: string): Grant | undefined {
    return this.#refresh.get(token)
  }

  /** Ends a refresh token. */
  revoke(token: string): void {
    this.#refresh.delete(token)
  }

  /** A token answer (RFC 6749, section 5.1). */
  issue(grant: Grant, withRefreshToken: boolean) {
    const accessToken = `access-${randomUUID()}`
    const refreshToken = `refresh-${randomUUID()}`
    this.#access.set(accessToken, {
      subject: "mallory",
      audience: grant.resource,
      scopes: grant.scope.split(" "),
      expiresAt: Date.now() + hour * 1000,
      number: this.count + 1,
    })
    if (withRefreshToken) this.#refresh.set(refreshToken, grant)
    return {
      access_token: accessToken,
      token_type: "Bearer",
      expires_in: hour,
      scope: grant.scope,
      ...(withRefreshToken ? { refresh_token: refreshToken } : {}),
    }
  }
}
