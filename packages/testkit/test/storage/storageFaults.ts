import { Buffer } from "node:buffer"
import { layerMemoryStores, type McpServer, SignalHub } from "@mooring/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { readableServer } from "../../src/storage-suite/readable.ts"
import type { OpenStorage } from "../../src/storage-suite/StorageUnderTest.ts"
import { type Fault, faulty, memoryStorage } from "./memoryStorage.ts"

/** A storage that leaves behind, in some form, every server that it was ever told to keep. */
const leaving =
  (form: (server: McpServer) => string | Uint8Array): OpenStorage =>
  async () => {
    const left: Array<string | Uint8Array> = []
    const storage = await memoryStorage(({ servers }) => ({
      servers: {
        ...servers,
        insert: (server) => {
          left.push(form(server))
          return servers.insert(server)
        },
      },
    }))
    return { ...storage, dump: async () => left }
  }

const secretsFound = ["secrets: no secret is kept in plaintext, hex or base64, whatever has become of it"]
const plaintext = (server: McpServer) => JSON.stringify(readableServer(server))

/** A node whose listeners hear of what it does itself. */
const telling =
  ({ listen, publish }: SignalHub["Service"]): Fault =>
  ({ servers, tools }) => ({
    servers: {
      ...servers,
      modify: (organizationId, id, change) =>
        Effect.tap(servers.modify(organizationId, id, change), ({ revision }) =>
          publish({ type: "server_changed", serverId: id, revision }),
        ),
      remove: (organizationId, id) =>
        Effect.tap(servers.remove(organizationId, id), () =>
          publish({ type: "server_removed", serverId: id }),
        ),
    },
    tools: {
      ...tools,
      replaceAll: (server, replace) =>
        Effect.tap(tools.replaceAll(server, replace), () =>
          publish({ type: "tools_changed", serverId: server.id }),
        ),
    },
    signals: { listen },
  })

/** What may be wrong with a storage as a whole, and cases that must find it. */
export const storageFaults: Readonly<
  Record<string, { readonly open: OpenStorage; readonly foundBy: ReadonlyArray<string> }>
> = {
  "secrets in plaintext": { open: leaving(plaintext), foundBy: secretsFound },
  "secrets in bytes": { open: leaving((server) => Buffer.from(plaintext(server))), foundBy: secretsFound },
  "secrets in base64": {
    open: leaving((server) => `${server.name} ${Buffer.from(plaintext(server)).toString("base64")}`),
    foundBy: secretsFound,
  },
  "secrets in base64url": {
    open: leaving((server) => `${server.name} ${Buffer.from(plaintext(server)).toString("base64url")}`),
    foundBy: secretsFound,
  },
  "secrets in hex": {
    open: leaving((server) => `${server.name} ${Buffer.from(plaintext(server)).toString("hex")}`),
    foundBy: secretsFound,
  },
  "secrets in UTF-16": {
    open: leaving((server) => Buffer.from(plaintext(server), "utf16le")),
    foundBy: secretsFound,
  },
  "a dump that shows nothing": { open: leaving(() => ""), foundBy: secretsFound },
  "nodes that keep to themselves what they are told": {
    open: async () => ({ openNode: () => layerMemoryStores, close: async () => {} }),
    foundBy: [
      "persistence: what a node was told to keep is there for the next one",
      "nodes that start: ten nodes start at once on a storage without data, and what each writes is there for all",
      "servers, callers of two nodes: of many inserts of one name one succeeds",
      "rate limits, callers of two nodes: of many who take at once as many get a token as there are",
      "signals of another node: every change is told to the other node",
    ],
  },
  "a node hears of its own changes alone": {
    open: async () => {
      const runtime = ManagedRuntime.make(layerMemoryStores)
      const stores = await runtime.context()
      return {
        openNode: () =>
          Layer.unwrap(
            Effect.map(SignalHub, (hub) => Layer.succeedContext(faulty(stores, telling(hub)))),
          ).pipe(Layer.provide(SignalHub.layer("resumed"))),
        close: () => runtime.dispose(),
      }
    },
    foundBy: [
      "signals of another node: every change is told to the other node",
      // It tells of a change in another step than it makes it.
      "signals: a change is told although its caller has gone away",
    ],
  },
}
