import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import { MemoryTables } from "../storage/MemoryTables.ts"
import { StoreError } from "../storage/StoreError.ts"
import { SignalHub } from "../storage/StoreSignals.ts"
import type { McpServer } from "./McpServer.ts"
import { McpServerNameTaken } from "./McpServerNameTaken.ts"
import { McpServerNotFound } from "./McpServerNotFound.ts"

/** A part of a list: at most `limit` servers, beginning behind the server `after`. */
export interface McpServerPage {
  readonly limit?: number | undefined
  readonly after?: string | undefined
}

/**
 * Where MCP servers are kept (a port). Every method is confined to one organization, and names are unique in it.
 * An implementation must pass `storageSuite` of `@mooring/testkit`.
 */
export class McpServerStore extends Context.Service<
  McpServerStore,
  {
    /** Fails with `McpServerNameTaken` where the organization has a server of that name, with `StoreError` where the id is another server's. */
    readonly insert: (server: McpServer) => Effect.Effect<void, McpServerNameTaken | StoreError>
    readonly get: (
      organizationId: string,
      id: string,
    ) => Effect.Effect<McpServer, McpServerNotFound | StoreError>
    /** The server of that name, which is told apart from others by every character. */
    readonly getByName: (
      organizationId: string,
      name: string,
    ) => Effect.Effect<McpServer, McpServerNotFound | StoreError>
    /** In order of creation. An unknown `after` gives an empty page. */
    readonly list: (
      organizationId: string,
      page: McpServerPage,
    ) => Effect.Effect<ReadonlyArray<McpServer>, StoreError>
    /** The URLs of all servers that have one, as they were registered: no secret is read. */
    readonly serverUrls: (organizationId: string) => Effect.Effect<ReadonlyArray<string>, StoreError>
    /**
     * Reads a server, computes its next state and writes that, with nothing in between: of two changes at once,
     * the second one sees the result of the first. `change` is pure and may be called more than once.
     */
    readonly modify: <E>(
      organizationId: string,
      id: string,
      change: (current: McpServer) => Result.Result<McpServer, E>,
    ) => Effect.Effect<McpServer, E | McpServerNotFound | McpServerNameTaken | StoreError>
    /** Removes the server and all that hangs on it: its tools go in the same step. */
    readonly remove: (
      organizationId: string,
      id: string,
    ) => Effect.Effect<void, McpServerNotFound | StoreError>
  }
>()("@mooring/core/servers/McpServerStore") {
  /** Keeps servers in this process; they are gone when it ends. */
  static readonly layerMemory = Layer.effect(
    McpServerStore,
    Effect.gen(function* () {
      const { approvedTools, servers, tools } = yield* MemoryTables
      const { publish } = yield* SignalHub

      const find = (organizationId: string, id: string): McpServer | undefined => {
        const server = servers.get(id)
        return server?.organizationId === organizationId ? server : undefined
      }

      const findByName = (organizationId: string, name: string): McpServer | undefined => {
        for (const server of servers.values()) {
          if (server.organizationId === organizationId && server.name === name) return server
        }
        return undefined
      }

      const isTaken = ({ id, name, organizationId }: McpServer): boolean => {
        const server = findByName(organizationId, name)
        return server !== undefined && server.id !== id
      }

      return McpServerStore.of({
        insert: (server) =>
          Effect.suspend((): Effect.Effect<void, McpServerNameTaken | StoreError> => {
            if (isTaken(server)) return Effect.fail(new McpServerNameTaken({ name: server.name }))
            if (servers.has(server.id)) {
              const cause = new Error("The id is another server's.")
              return Effect.fail(new StoreError({ operation: "McpServerStore.insert", cause }))
            }
            servers.set(server.id, server)
            return Effect.void
          }),
        get: (organizationId, id) =>
          Effect.suspend(() => {
            const server = find(organizationId, id)
            return server === undefined ? Effect.fail(new McpServerNotFound({ id })) : Effect.succeed(server)
          }),
        getByName: (organizationId, name) =>
          Effect.suspend(() => {
            const server = findByName(organizationId, name)
            return server === undefined
              ? Effect.fail(new McpServerNotFound({ id: name }))
              : Effect.succeed(server)
          }),
        list: (organizationId, { after, limit }) =>
          Effect.sync(() => {
            const all = [...servers.values()].filter((server) => server.organizationId === organizationId)
            const start = after === undefined ? 0 : all.findIndex((server) => server.id === after) + 1
            if (after !== undefined && start === 0) return []
            return limit === undefined ? all.slice(start) : all.slice(start, start + limit)
          }),
        serverUrls: (organizationId) =>
          Effect.sync(() =>
            [...servers.values()].flatMap((server) =>
              server.organizationId === organizationId && server.config.type !== "stdio"
                ? [server.config.serverUrl]
                : [],
            ),
          ),
        modify: <E>(
          organizationId: string,
          id: string,
          change: (current: McpServer) => Result.Result<McpServer, E>,
        ) =>
          Effect.suspend((): Effect.Effect<McpServer, E | McpServerNotFound | McpServerNameTaken> => {
            const current = find(organizationId, id)
            if (current === undefined) return Effect.fail(new McpServerNotFound({ id }))
            const changed = change(current)
            if (Result.isFailure(changed)) return Effect.fail(changed.failure)
            const next = changed.success
            if (isTaken(next)) return Effect.fail(new McpServerNameTaken({ name: next.name }))
            servers.set(current.id, next)
            const signal = { type: "server_changed", serverId: current.id, revision: next.revision } as const
            return Effect.as(publish(signal), next)
          }).pipe(Effect.uninterruptible),
        remove: (organizationId, id) =>
          Effect.suspend(() => {
            const server = find(organizationId, id)
            if (server === undefined) return Effect.fail(new McpServerNotFound({ id }))
            servers.delete(server.id)
            tools.delete(server.id)
            approvedTools.delete(server.id)
            return publish({ type: "server_removed", serverId: server.id })
          }).pipe(Effect.uninterruptible),
      })
    }),
  )
}
