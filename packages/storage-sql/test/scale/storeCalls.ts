import {
  AuthorizationStore,
  ClientRegistrationStore,
  CredentialStore,
  McpServerStore,
  ToolStore,
} from "@mooring/core"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { FilledServer } from "./fillDatabase.ts"
import { realisticServer } from "./realisticServer.ts"
import { realisticTool } from "./realisticTool.ts"

/** A call of the stores that must not become slower with the number of servers. */
export interface StoreCall {
  readonly name: string
  readonly run: Effect.Effect<
    unknown,
    unknown,
    AuthorizationStore | ClientRegistrationStore | CredentialStore | McpServerStore | ToolStore
  >
}

/** Every method of both stores, on a server that has tools, and in the largest organization where that matters. */
export const storeCalls = (read: ReadonlyArray<FilledServer>): ReadonlyArray<StoreCall> => {
  const servers = McpServerStore
  const tools = ToolStore
  const inLarge = read.find(({ organizationId }) => organizationId === large) ?? missing()
  const { id, organizationId } = read.find(({ organizationId }) => organizationId !== large) ?? missing()
  const added = realisticServer(large, "added", "with secrets")
  const second = realisticServer(organizationId, "second", "without secrets")
  const noChanges = { added: [], updated: [], deleted: [] }

  const call = (name: string, run: StoreCall["run"]): StoreCall => ({ name, run })
  return [
    call(
      "get a server",
      servers.use((store) => store.get(organizationId, id)),
    ),
    call(
      "list the servers of an organization",
      servers.use((store) => store.list(organizationId, {})),
    ),
    call(
      "list the first page of a large one",
      servers.use((store) => store.list(large, { limit: 50 })),
    ),
    call(
      "list a page of a large one",
      servers.use((store) => store.list(large, { limit: 50, after: inLarge.id })),
    ),
    call(
      "list tools",
      tools.use((store) => store.list(organizationId, id)),
    ),
    call(
      "get a tool for a run",
      tools.use((store) =>
        Effect.flatMap(store.list(organizationId, id), ([tool]) =>
          store.get(organizationId, id, tool?.id ?? ""),
        ),
      ),
    ),
    call(
      "insert a server",
      servers.use((store) => store.insert(added)),
    ),
    call(
      "get a server by its name",
      servers.use((store) => store.getByName(large, added.name)),
    ),
    call(
      "find a credential",
      CredentialStore.use((store) =>
        store.find({ organizationId, userId: "alice", resource: "https://example.com/mcp" }),
      ),
    ),
    call(
      "find what is wanted of a user",
      CredentialStore.use((store) =>
        store.findWanted({ organizationId, userId: "alice", resource: "https://example.com/mcp" }),
      ),
    ),
    call(
      "find a registration of a client",
      ClientRegistrationStore.use((store) =>
        store.find({ organizationId, issuer: "https://auth.example", metadata: "{}" }),
      ),
    ),
    call(
      "find a sign-in by its state",
      AuthorizationStore.use((store) => store.findByState("none")),
    ),
    call("insert one whose name is taken", Effect.flip(servers.use((store) => store.insert(added)))),
    call(
      "change a server",
      servers.use((store) => store.modify(organizationId, id, (found) => Result.succeed(found))),
    ),
    call(
      "rename one to a name that is taken",
      servers.use((store) =>
        Effect.andThen(
          store.insert(second),
          Effect.flip(
            store.modify(organizationId, id, (found) => Result.succeed({ ...found, name: second.name })),
          ),
        ),
      ),
    ),
    call(
      "replace tools",
      tools.use((store) =>
        store.replaceAll({ id, organizationId, revision: 1 }, () => ({
          tools: Array.from({ length: 20 }, (_, index) => realisticTool(id, index)),
          changes: noChanges,
        })),
      ),
    ),
    call(
      "remove a server with its tools",
      servers.use((store) => store.remove(organizationId, id)),
    ),
  ]
}

const large = "organization-large"
const missing = (): never => {
  throw new Error("The database holds no server to be read")
}
