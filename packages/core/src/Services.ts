import type { Transport } from "@modelcontextprotocol/client"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { AgentTools } from "./agents/AgentTools.ts"
import { Audit } from "./audit/Audit.ts"
import { AuditStore } from "./audit/AuditStore.ts"
import { Connector } from "./connect/Connector.ts"
import { AuthorizationCallback } from "./oauth/AuthorizationCallback.ts"
import { AuthorizationStore } from "./oauth/AuthorizationStore.ts"
import { AuthorizationFlow } from "./oauth/AuthorizationFlow.ts"
import { checkClientKeys } from "./oauth/checkClientKeys.ts"
import { ClientRegistrations } from "./oauth/ClientRegistrations.ts"
import { ClientRegistrationStore } from "./oauth/ClientRegistrationStore.ts"
import { CredentialStore } from "./oauth/CredentialStore.ts"
import { Credentials } from "./oauth/Credentials.ts"
import { Options, type OptionsInput } from "./Options.ts"
import { RateLimits } from "./rateLimits/RateLimits.ts"
import { RateLimitStore } from "./rateLimits/RateLimitStore.ts"
import { Egress } from "./security/egress/Egress.ts"
import { StdioPolicy } from "./security/StdioPolicy.ts"
import { McpServers } from "./servers/McpServers.ts"
import { McpServerStore } from "./servers/McpServerStore.ts"
import { SessionPool } from "./sessions/SessionPool.ts"
import { MemoryTables } from "./storage/MemoryTables.ts"
import { Migrations } from "./storage/Migrations.ts"
import { SignalHub, type StoreSignals } from "./storage/StoreSignals.ts"
import { layerChangedTools } from "./tools/changedTools.ts"
import { OfferedTools } from "./tools/OfferedTools.ts"
import { ToolCatalog } from "./tools/ToolCatalog.ts"
import { ToolRunner } from "./tools/ToolRunner.ts"
import { ToolStore } from "./tools/ToolStore.ts"
import { Transports } from "./transport/Transports.ts"

/** The services that an application calls. */
export type Services =
  | AgentTools
  | Audit
  | AuthorizationCallback
  | AuthorizationFlow
  | Connector
  | Credentials
  | McpServers
  | RateLimits
  | SessionPool
  | ToolCatalog
  | ToolRunner

/** The ports that a storage fills. */
export type Stores =
  | AuditStore
  | AuthorizationStore
  | ClientRegistrationStore
  | CredentialStore
  | McpServerStore
  | Migrations
  | RateLimitStore
  | StoreSignals
  | ToolStore

/** What the transports and the services go by. */
export type Policies = Options | Egress | StdioPolicy

const layerOAuth = Layer.mergeAll(
  AuthorizationFlow.layer,
  AuthorizationCallback.layer,
  Credentials.layer,
).pipe(
  Layer.provide(ClientRegistrations.layer),
  // Before anything else is set up.
  Layer.provide(Layer.effectDiscard(checkClientKeys)),
)

/** The services alone, every port and policy left open. */
export const layerServices = Layer.mergeAll(AgentTools.layer, Connector.layer, layerChangedTools).pipe(
  Layer.provideMerge(ToolRunner.layer),
  Layer.provideMerge(ToolCatalog.layer),
  Layer.provide(OfferedTools.layer),
  Layer.provideMerge(McpServers.layer),
  Layer.provideMerge(SessionPool.layer),
  Layer.provideMerge(layerOAuth),
  // It is closed last: what was running until then is recorded too.
  Layer.provideMerge(Audit.layer),
  Layer.provideMerge(RateLimits.layer),
)

/** The policies that the options describe. */
export const layerPolicies = (options?: OptionsInput) =>
  Layer.unwrap(
    Effect.map(Options, ({ egress, stdio }) =>
      Layer.mergeAll(Egress.layer(egress), StdioPolicy.layer(stdio)),
    ),
  ).pipe(Layer.provideMerge(Options.layer(options)))

/** Stores that keep everything in this process; it is gone when the process ends. */
export const layerMemoryStores = Layer.mergeAll(
  AuditStore.layerMemory,
  McpServerStore.layerMemory,
  ToolStore.layerMemory,
  CredentialStore.layerMemory,
  AuthorizationStore.layerMemory,
  RateLimitStore.layerMemory,
  ClientRegistrationStore.layerMemory,
  SignalHub.layerSignals,
  Migrations.layerNone,
).pipe(Layer.provide([MemoryTables.layer, SignalHub.layer("resumed")]))

/** Mooring for an Effect application, with the real transports. The stores are left open. */
export const layer = (options?: OptionsInput) =>
  layerServices.pipe(Layer.provideMerge(Transports.layer), Layer.provideMerge(layerPolicies(options)))

/**
 * Mooring without sockets or files, for tests.
 *
 * @param servers MCP servers in this process by the URL under which a test registers them; see
 *   {@link Transports.layerMemory}.
 */
export const layerMemory = (
  servers: Readonly<Record<string, () => Transport | Promise<Transport>>>,
  options?: OptionsInput,
) =>
  layerServices.pipe(
    Layer.provideMerge(Transports.layerMemory(servers)),
    Layer.provideMerge(layerPolicies(options)),
    Layer.provideMerge(layerMemoryStores),
  )
