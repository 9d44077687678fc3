import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { ServerAudit } from "../audit/AuditStore.ts"
import type { Authorization } from "../oauth/Authorization.ts"
import type { ClientRegistration } from "../oauth/ClientRegistration.ts"
import type { Credential, CredentialOwner } from "../oauth/Credential.ts"
import type { McpServer } from "../servers/McpServer.ts"
import type { McpTool } from "../tools/McpTool.ts"
import type { Challenge } from "../transport/Challenge.ts"

/**
 * The rows behind the memory layers of all stores. The stores share them so that deleting a server and
 * replacing its tools see one another, as a foreign key makes them do in a database.
 */
export class MemoryTables extends Context.Service<
  MemoryTables,
  {
    /** By id, in order of creation. */
    readonly servers: Map<string, McpServer>
    /** By the server's id, the tools in the order in which the server lists them; no entry without a server. */
    readonly tools: Map<string, ReadonlyArray<McpTool>>
    /** By the server's id, the fingerprints of definitions; no entry where nobody keeps count. */
    readonly approvedTools: Map<string, ReadonlyArray<string>>
    /** By owner. */
    readonly credentials: Map<string, Credential>
    /** What MCP servers demanded of a user and was not given yet, by owner. */
    readonly wanted: Map<string, { readonly owner: CredentialOwner; readonly challenge: Challenge }>
    readonly authorizations: Map<string, Authorization>
    /** By organization, then by the server's id, also of servers that are gone. */
    readonly audit: Map<string, Map<string, ServerAudit>>
    /** By what they are good for, in the order in which they were made. */
    readonly registrations: Map<string, ClientRegistration>
  }
>()("@mooring/core/storage/MemoryTables") {
  static readonly layer = Layer.effect(
    MemoryTables,
    Effect.sync(() =>
      MemoryTables.of({
        servers: new Map(),
        tools: new Map(),
        approvedTools: new Map(),
        credentials: new Map(),
        wanted: new Map(),
        authorizations: new Map(),
        audit: new Map(),
        registrations: new Map(),
      }),
    ),
  )
}
