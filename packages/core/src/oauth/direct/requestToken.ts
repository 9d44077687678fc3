import type { OAuthTokens } from "@modelcontextprotocol/client"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type { Actor } from "../../actors/Actor.ts"
import { askAuthorizationServer, type OAuthFetch } from "../askAuthorizationServer.ts"
import type { AuthorizationFailed } from "../AuthorizationFailed.ts"
import { checkEndpoint } from "../checkEndpoint.ts"
import { type AddClientAuthentication, clientAuthentication } from "../clientAuthentication.ts"
import type { Discovered } from "../discoverAuthorizationServer.ts"
import { type IdentityTokens, identityUnavailable } from "../IdentityTokens.ts"
import { postForm } from "../postForm.ts"
import { toOAuthClient } from "../RegisteredClient.ts"
import { checkIssued, checkTokens } from "../toTokens.ts"
import type { ServerGrant } from "./ServerGrant.ts"

/** What a grant is turned into a token with. */
export interface GrantContext {
  readonly fetch: OAuthFetch
  readonly timeoutMs: number
  readonly identities: typeof IdentityTokens.Service
}

/** Asks an authorization server for an access token by a grant for which no user has to be asked. */
export const requestToken = Effect.fnUntraced(function* (
  context: GrantContext,
  actor: Actor,
  grant: ServerGrant,
  { authorizationServer, resourceIndicator, scope }: Discovered,
) {
  const { issuer, tokenEndpoint } = authorizationServer
  const resource = resourceIndicator ?? grant.serverUrl
  const audience = { issuer, serverUrl: grant.serverUrl }
  const asked = grant.scopes?.join(" ") ?? scope
  const fields = { resource, ...(asked === null || asked === "" ? {} : { scope: asked }) }
  const ask = (fields: Readonly<Record<string, string>>, authenticate: AddClientAuthentication) =>
    Effect.flatMap(checkEndpoint(tokenEndpoint), (endpoint) =>
      askForToken(context, endpoint, fields, authenticate),
    )

  switch (grant.type) {
    case "client_credentials":
      return yield* ask(
        { ...fields, grant_type: "client_credentials" },
        clientAuthentication(authorizationServer, toOAuthClient(grant), [grant]),
      )
    case "workload_identity": {
      const { clientId } = grant
      const assertion = Redacted.value(yield* inTime(context, context.identities.workload(audience)))
      return yield* ask({ ...fields, grant_type: jwtBearer, assertion }, async (_headers, form) => {
        if (clientId !== undefined) form.set("client_id", clientId)
      })
    }
    case "enterprise_managed": {
      const idToken = yield* inTime(context, context.identities.user(actor, audience))
      const { identityProvider } = grant
      const exchanged = yield* askForToken(
        context,
        yield* checkEndpoint(identityProvider.tokenEndpoint),
        {
          ...fields,
          grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
          requested_token_type: identityAssertion,
          audience: issuer,
          subject_token: Redacted.value(idToken),
          subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
        },
        async (_headers, form) => {
          form.set("client_id", identityProvider.clientId)
          if (identityProvider.clientSecret !== undefined) {
            form.set("client_secret", Redacted.value(identityProvider.clientSecret))
          }
        },
        identityAssertion,
      )
      return yield* ask(
        { ...fields, grant_type: jwtBearer, assertion: exchanged.access_token },
        clientAuthentication(authorizationServer, toOAuthClient(grant), [grant]),
      )
    }
  }
})

/** RFC 7523, section 2.1. */
const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer"

/** RFC 8693 with the profile of the identity assertion authorization grant. */
const identityAssertion = "urn:ietf:params:oauth:token-type:id-jag"

/** What the host's own functions take: a run that waits for a token holds up all that share its session. */
const inTime = <A>({ timeoutMs }: GrantContext, token: Effect.Effect<A, AuthorizationFailed>) =>
  Effect.timeoutOrElse(token, {
    duration: Duration.millis(timeoutMs),
    orElse: () => Effect.fail(identityUnavailable),
  })

const askForToken = (
  { fetch, timeoutMs }: GrantContext,
  endpoint: URL,
  fields: Readonly<Record<string, string>>,
  authenticate: AddClientAuthentication,
  issuedType?: string,
): Effect.Effect<OAuthTokens, AuthorizationFailed> =>
  askAuthorizationServer(fetch, timeoutMs, refused, async (fetch) => {
    const response = await postForm(fetch, endpoint, fields, authenticate)
    // A fault of its own, or of a gateway before it, says nothing of the grant.
    if (response.status >= 500 || response.status === 429) throw new TypeError("No answer to the question")
    const body = await response.text()
    if (!response.ok) throw new Error("Refused")
    const answer = decodeTokens(body)
    // A token of another kind would be of use at the identity provider: it is handed on to nobody.
    if (issuedType !== undefined && answer.issued_token_type !== issuedType) throw new Error("Another token")
    return issuedType === undefined ? checkTokens(answer, false) : checkIssued(answer)
  })

const refused = {
  code: "token_refused",
  problem:
    "The authorization server of the MCP server gave no token to this host. Check the client and the grant that are set up for the server.",
} as const

/** RFC 6749, section 5.1. Some give the lifetime as text. */
const decodeTokens = Schema.decodeUnknownSync(
  Schema.fromJsonString(
    Schema.Struct({
      access_token: Schema.NonEmptyString,
      token_type: Schema.String,
      /** Of an exchange (RFC 8693, section 2.2.1). */
      issued_token_type: Schema.optionalKey(Schema.String),
      expires_in: Schema.optionalKey(Schema.Union([Schema.Finite, Schema.FiniteFromString])),
      scope: Schema.optionalKey(Schema.String),
    }),
  ),
)
