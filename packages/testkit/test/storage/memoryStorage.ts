import {
  AuditStore,
  AuthorizationStore,
  ClientRegistrationStore,
  CredentialStore,
  layerMemoryStores,
  McpServerStore,
  Migrations,
  RateLimitStore,
  type Stores,
  StoreSignals,
  ToolStore,
} from "@mooring/core"
import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import type { StorageUnderTest } from "../../src/index.ts"

/** The services of the ports. */
export interface Ports {
  readonly servers: McpServerStore["Service"]
  readonly tools: ToolStore["Service"]
  readonly credentials: CredentialStore["Service"]
  readonly audit: AuditStore["Service"]
  readonly authorizations: AuthorizationStore["Service"]
  readonly rateLimits: RateLimitStore["Service"]
  readonly registrations: ClientRegistrationStore["Service"]
  readonly signals: StoreSignals["Service"]
  readonly migrations: Migrations["Service"]
}

/** Puts something else in the place of a port, or of several. */
export type Fault = (ports: Ports) => Partial<Ports>

export interface FaultyPorts {
  readonly fault: Fault
  /** Cases of the suite, as `group: title`. */
  readonly foundBy: ReadonlyArray<string>
}

/** The stores of one process, which are those of every node that is opened. */
export const memoryStorage = async (fault?: Fault): Promise<StorageUnderTest> => {
  const runtime = ManagedRuntime.make(layerMemoryStores)
  const real = await runtime.context()
  const stores = Layer.succeedContext(fault === undefined ? real : faulty(real, fault))
  return { openNode: () => stores, close: () => runtime.dispose() }
}

/** The stores with something else in the place of a port. */
export const faulty = (stores: Context.Context<Stores>, fault: Fault): Context.Context<Stores> => {
  const ports: Ports = {
    servers: Context.get(stores, McpServerStore),
    tools: Context.get(stores, ToolStore),
    credentials: Context.get(stores, CredentialStore),
    audit: Context.get(stores, AuditStore),
    authorizations: Context.get(stores, AuthorizationStore),
    rateLimits: Context.get(stores, RateLimitStore),
    registrations: Context.get(stores, ClientRegistrationStore),
    signals: Context.get(stores, StoreSignals),
    migrations: Context.get(stores, Migrations),
  }
  const {
    audit,
    authorizations,
    credentials,
    migrations,
    rateLimits,
    registrations,
    servers,
    signals,
    tools,
  } = {
    ...ports,
    ...fault(ports),
  }
  return Context.make(McpServerStore, servers).pipe(
    Context.add(ToolStore, tools),
    Context.add(CredentialStore, credentials),
    Context.add(AuditStore, audit),
    Context.add(AuthorizationStore, authorizations),
    Context.add(RateLimitStore, rateLimits),
    Context.add(ClientRegistrationStore, registrations),
    Context.add(StoreSignals, signals),
    Context.add(Migrations, migrations),
  )
}
