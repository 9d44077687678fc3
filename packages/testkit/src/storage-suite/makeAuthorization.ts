import { randomBytes, randomUUID } from "node:crypto"
import { type Authorization, AuthorizationId, AuthorizationStore } from "@mooring/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { authorizationServer } from "./makeCredential.ts"

/** A sign-in that is not stored yet, with an id and a state of its own, and ten minutes left. */
export const makeAuthorization = (
  organizationId: string,
  fields: Partial<Authorization> = {},
): Authorization => ({
  id: AuthorizationId.make(`mcp_authorization-${randomUUID()}`),
  organizationId,
  userId: "alice",
  resource: "https://mcp.example/mcp",
  serverName: "server",
  stateHash: randomBytes(32).toString("base64url"),
  authorizationServer,
  client: { clientId: "client", clientSecret: Redacted.make(`secret ${randomUUID()}`), authMethod: null },
  resourceIndicator: "https://mcp.example/mcp",
  scope: "read write",
  redirectUri: "https://host.example/mcp/v1/oauth/callback",
  codeVerifier: Redacted.make(`verifier ${randomUUID()}`),
  state: { type: "waiting" },
  expiresAt: fromNow(600),
  ...fields,
})

/** The same, stored. */
export const insertAuthorization = Effect.fnUntraced(function* (
  organizationId: string,
  fields: Partial<Authorization> = {},
) {
  const authorization = makeAuthorization(organizationId, fields)
  yield* AuthorizationStore.use((authorizations) => authorizations.insert(authorization))
  return authorization
})

/** A time so many seconds ahead, by the clock that a store goes by. */
export const fromNow = (seconds: number): DateTime.Utc => DateTime.makeUnsafe(Date.now() + seconds * 1_000)
