import { registerClient } from "@modelcontextprotocol/client"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { prefixedUuid } from "../identifiers.ts"
import { Options } from "../Options.ts"
import { Egress } from "../security/egress/Egress.ts"
import type { StoreError } from "../storage/StoreError.ts"
import { askAuthorizationServer } from "./askAuthorizationServer.ts"
import { AuthorizationFailed } from "./AuthorizationFailed.ts"
import type { AuthorizationServer } from "./AuthorizationServer.ts"
import { checkEndpoint } from "./checkEndpoint.ts"
import { clientMetadata, type OAuthHost } from "./clientMetadata.ts"
import { type ClientRegistration, ClientRegistrationId } from "./ClientRegistration.ts"
import { ClientRegistrationStore } from "./ClientRegistrationStore.ts"
import type { OAuthClient } from "./OAuthClient.ts"
import { oauthHost } from "./oauthHost.ts"
import { toServerMetadata } from "./toServerMetadata.ts"

/** A client that was registered now, or before. */
export interface FoundRegistration {
  readonly registration: ClientRegistration
  /** Whether the authorization server may have forgotten it since. */
  readonly isReused: boolean
}

/**
 * Registers this host at authorization servers (RFC 7591), once for each organization: a client that one organization's
 * users spoil is not another's, and nobody sees by its name who else signs in there.
 */
export class ClientRegistrations extends Context.Service<
  ClientRegistrations,
  {
    /** The client that is registered already, as long as it is good, or one that is registered now. */
    readonly get: (
      organizationId: string,
      server: AuthorizationServer,
    ) => Effect.Effect<FoundRegistration, AuthorizationFailed | StoreError>
    /** Has the next sign-in register anew, unless it has been done meanwhile: the authorization server knows the client no more. */
    readonly forget: (
      organizationId: string,
      issuer: string,
      client: OAuthClient,
    ) => Effect.Effect<void, StoreError>
  }
>()("@mooring/core/oauth/ClientRegistrations") {
  static readonly layer = Layer.effect(
    ClientRegistrations,
    Effect.gen(function* () {
      const store = yield* ClientRegistrationStore
      const { fetchDocument: fetch } = yield* Egress
      const options = yield* Options
      const { oauthStepTimeoutMs, signInMs } = options.limits

      const keyOf = (organizationId: string, issuer: string, host: OAuthHost) => ({
        organizationId,
        issuer,
        metadata: JSON.stringify(clientMetadata(host)),
      })

      const register = Effect.fnUntraced(function* (
        organizationId: string,
        server: AuthorizationServer,
        host: OAuthHost,
      ) {
        if (server.registrationEndpoint === null) return yield* new AuthorizationFailed(unregistered)
        yield* checkEndpoint(server.registrationEndpoint)
        const information = yield* askAuthorizationServer(fetch, oauthStepTimeoutMs, unregistered, (fetch) =>
          registerClient(server.issuer, {
            metadata: toServerMetadata(server),
            clientMetadata: clientMetadata(host),
            fetchFn: fetch,
          }),
        )
        const { client_id: clientId, client_secret: secret, client_secret_expires_at: end } = information
        const registration: ClientRegistration = {
          id: ClientRegistrationId.make(prefixedUuid("mcp_client")),
          ...keyOf(organizationId, server.issuer, host),
          client: {
            clientId,
            clientSecret: secret === undefined ? null : Redacted.make(secret),
            authMethod: information.token_endpoint_auth_method ?? null,
          },
          createdAt: yield* DateTime.now,
          expiresAt: secret === undefined ? null : endOf(end),
        }
        yield* store.put(registration)
        return { registration, isReused: false }
      })

      /** Whether it lasts for a whole sign-in, with the exchange at its end. */
      const isGood = ({ expiresAt }: ClientRegistration, now: DateTime.Utc) =>
        expiresAt === null ||
        DateTime.isGreaterThan(expiresAt, DateTime.add(now, { milliseconds: signInMs + oauthStepTimeoutMs }))

      const get = Effect.fnUntraced(function* (organizationId: string, server: AuthorizationServer) {
        const host = yield* oauthHost(options)
        const found = Option.getOrUndefined(yield* store.find(keyOf(organizationId, server.issuer, host)))
        return found !== undefined && isGood(found, yield* DateTime.now)
          ? { registration: found, isReused: true }
          : yield* register(organizationId, server, host)
      })

      const forget = Effect.fnUntraced(
        function* (organizationId: string, issuer: string, { clientId }: OAuthClient) {
          const host = yield* oauthHost(options)
          const found = Option.getOrUndefined(yield* store.find(keyOf(organizationId, issuer, host)))
          if (found?.client.clientId === clientId) yield* store.remove(found)
        },
        // Without a public URL nobody registers.
        Effect.catchTag("AuthorizationFailed", () => Effect.void),
      )

      return ClientRegistrations.of({ get, forget })
    }),
  )
}

/** RFC 7591, section 3.2.1: seconds since 1970, or 0. What is no time of this world says nothing. */
const endOf = (seconds: number | undefined): DateTime.Utc | null =>
  seconds === undefined || seconds <= 0 ? null : Option.getOrNull(DateTime.make(seconds * 1_000))

const unregistered = {
  code: "registration_failed",
  problem:
    "The authorization server of the MCP server does not take this host as a client by itself. The host has to be registered there, and be told the client id by its option oauth.clients.",
} as const
