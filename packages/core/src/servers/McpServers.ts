import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { Actor } from "../actors/Actor.ts"
import { Audit } from "../audit/Audit.ts"
import { changedParts } from "../audit/changedParts.ts"
import { credentialOwner } from "../oauth/credentialOwner.ts"
import { Credentials } from "../oauth/Credentials.ts"
import { resourceOf } from "../oauth/resourceOf.ts"
import { Options } from "../Options.ts"
import type { RateLimited } from "../rateLimits/RateLimited.ts"
import { RateLimits } from "../rateLimits/RateLimits.ts"
import { Egress } from "../security/egress/Egress.ts"
import type { NetworkForbidden } from "../security/egress/NetworkForbidden.ts"
import { checkHeaders, type HeaderInvalid } from "../security/checkHeaders.ts"
import { type StdioForbidden, StdioPolicy } from "../security/StdioPolicy.ts"
import type { StoreError } from "../storage/StoreError.ts"
import type { McpServer } from "./McpServer.ts"
import type { McpServerNameTaken } from "./McpServerNameTaken.ts"
import type { McpServerNotFound } from "./McpServerNotFound.ts"
import { type McpServerPage, McpServerStore } from "./McpServerStore.ts"
import { newMcpServer } from "./newMcpServer.ts"
import { InvalidServerConfig } from "./InvalidServerConfig.ts"
import { ServerConfig } from "./ServerConfig.ts"
import { applyConfigUpdate, holdsMask, mask, type ServerConfigUpdate } from "./ServerConfigUpdate.ts"
import { oauthProblem } from "./ServerOAuth.ts"

/** Why a config is refused before it is stored. */
export type ConfigRefused = StdioForbidden | NetworkForbidden | HeaderInvalid | InvalidServerConfig

/** The MCP servers that users have registered: the reading and writing of their records. */
export class McpServers extends Context.Service<
  McpServers,
  {
    /** Stores a server, whether or not it can be reached. Its tools are listed by `ToolCatalog.refresh`. */
    readonly create: (
      actor: Actor,
      input: { readonly name: string; readonly config: ServerConfig },
    ) => Effect.Effect<McpServer, ConfigRefused | McpServerNameTaken | RateLimited | StoreError>
    readonly get: (
      actor: Actor,
      id: string,
    ) => Effect.Effect<McpServer, McpServerNotFound | RateLimited | StoreError>
    /** The server of that name in the actor's organization. */
    readonly getByName: (
      actor: Actor,
      name: string,
    ) => Effect.Effect<McpServer, McpServerNotFound | RateLimited | StoreError>
    /** In order of creation; all of them without a page. */
    readonly list: (
      actor: Actor,
      page?: McpServerPage,
    ) => Effect.Effect<ReadonlyArray<McpServer>, RateLimited | StoreError>
    /** Changes what the update names and keeps the rest; where the config changes, its live sessions end. */
    readonly update: (
      actor: Actor,
      id: string,
      update: { readonly name?: string | null | undefined; readonly config?: ServerConfigUpdate | undefined },
    ) => Effect.Effect<
      McpServer,
      ConfigRefused | McpServerNotFound | McpServerNameTaken | RateLimited | StoreError
    >
    /** Fails where the host's policy or the form of the config does not let it be used. */
    readonly check: (config: ServerConfig) => Effect.Effect<void, ConfigRefused>
    /**
     * Removes the server with its tools; its live sessions end, and everybody is signed out of its URL, unless the
     * organization has another server there.
     */
    readonly remove: (
      actor: Actor,
      id: string,
    ) => Effect.Effect<void, McpServerNotFound | RateLimited | StoreError>
    /** Ends that the actor is signed in to the server: the credential is removed here, and revoked where it came from. */
    readonly signOut: (
      actor: Actor,
      id: string,
    ) => Effect.Effect<void, McpServerNotFound | RateLimited | StoreError>
  }
>()("@mooring/core/servers/McpServers") {
  static readonly layer = Layer.effect(
    McpServers,
    Effect.gen(function* () {
      const store = yield* McpServerStore
      const stdioPolicy = yield* StdioPolicy
      const egress = yield* Egress
      const credentials = yield* Credentials
      const audit = yield* Audit
      const { maskSecrets } = yield* Options
      const { limited } = yield* RateLimits

      const checkConfig = Effect.fnUntraced(function* (config: ServerConfig) {
        if (maskSecrets && holdsMask(config)) {
          return yield* new InvalidServerConfig({
            field: "config",
            problem: `has ${mask} in the place of a value`,
          })
        }
        if (config.type === "stdio") return yield* stdioPolicy.check(config)
        const problem = config.oauth === null ? undefined : oauthProblem(config.oauth)
        if (problem !== undefined) return yield* new InvalidServerConfig(problem)
        yield* checkHeaders(config)
        yield* egress.check(config.serverUrl)
      })

      const create = Effect.fnUntraced(function* (
        actor: Actor,
        input: { readonly name: string; readonly config: ServerConfig },
      ) {
        yield* checkConfig(input.config)
        const server = yield* newMcpServer(actor, input)
        yield* audit.recorded(actor, server.id, store.insert(server), () => ({
          action: "registered",
          name: server.name,
        }))
        return server
      })

      const update = Effect.fnUntraced(function* (
        actor: Actor,
        id: string,
        update: {
          readonly name?: string | null | undefined
          readonly config?: ServerConfigUpdate | undefined
        },
      ) {
        const next = (config: ServerConfig) =>
          update.config === undefined
            ? Result.succeed(config)
            : applyConfigUpdate(config, update.config, maskSecrets)

        // The policy is asked before the write. It judges the config that the update leads to now; should another
        // update come between, the next connect asks the policy again.
        const current = yield* store.get(actor.organizationId, id)
        yield* checkConfig(yield* Effect.fromResult(next(current.config)))

        const now = yield* DateTime.now
        let before = current
        const modification = store.modify(actor.organizationId, id, (server) => {
          before = server
          return Result.map(next(server.config), (config): McpServer => ({
            ...server,
            name: update.name ?? server.name,
            config,
            revision: sameConfig(config, server.config) ? server.revision : server.revision + 1,
            updatedBy: actor.userId,
            updatedAt: now,
          }))
        })
        return yield* audit.recorded(actor, id, modification, (after) => {
          const parts = changedParts(before, after)
          return parts.length === 0 ? undefined : { action: "changed", name: after.name, parts }
        })
      })

      const remove = Effect.fnUntraced(function* (actor: Actor, id: string) {
        const { organizationId } = actor
        // One that cannot be read, for a key that is gone, can still be removed.
        const server = yield* Effect.option(store.get(organizationId, id))
        const name = Option.isSome(server) ? { name: server.value.name } : {}
        yield* audit.recorded(actor, id, store.remove(organizationId, id), () => ({
          action: "deleted",
          ...name,
        }))
        if (Option.isNone(server) || server.value.config.type === "stdio") return
        // Of several that are removed at once, the last one sees that no other is left.
        const resource = resourceOf(server.value.config.serverUrl)
        const others = yield* store.serverUrls(organizationId)
        if (others.some((url) => URL.canParse(url) && resourceOf(url) === resource)) return
        yield* credentials.signOutAll(organizationId, resource)
      })

      const signOut = Effect.fnUntraced(function* (actor: Actor, id: string) {
        const { config } = yield* store.get(actor.organizationId, id)
        if (config.type === "stdio") return
        const signingOut = credentials.signOut(credentialOwner(actor, config.serverUrl))
        yield* audit.recorded(actor, id, signingOut, () => ({ action: "signed_out" }))
      })

      return McpServers.of({
        create: limited("changes", create),
        get: limited("requests", (actor, id: string) => store.get(actor.organizationId, id)),
        getByName: limited("requests", (actor, name: string) => store.getByName(actor.organizationId, name)),
        list: limited("requests", (actor, page: McpServerPage = {}) =>
          store.list(actor.organizationId, page),
        ),
        update: limited("changes", update),
        check: checkConfig,
        remove: limited("changes", remove),
        signOut: limited("changes", signOut),
      })
    }),
  )
}

const sameConfig = Schema.toEquivalence(ServerConfig)
