import { type McpServer, McpServerNameTaken, type McpServerStore } from "@mooring/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Fault, FaultyPorts } from "./memoryStorage.ts"

type Servers = McpServerStore["Service"]

/** A store of servers that differs in some methods. */
export const serversWith =
  (change: (servers: Servers) => Partial<Servers>): Fault =>
  ({ servers }) => ({ servers: { ...servers, ...change(servers) } })

/** What a store of servers may get wrong, and cases that must find it. */
export const serverFaults: Readonly<Record<string, FaultyPorts>> = {
  "a list of all organizations": {
    fault: (ports) => {
      const organizations = new Set<string>()
      return serversWith(({ insert, list }) => ({
        insert: (server) => {
          organizations.add(server.organizationId)
          return insert(server)
        },
        list: (_, page) =>
          Effect.map(
            Effect.forEach(organizations, (organizationId) => list(organizationId, page)),
            (lists) => lists.flat(),
          ),
      }))(ports)
    },
    foundBy: [
      "servers: organizations are told apart by every character",
      "organizations: another organization's server looks as if it were not there, to every method",
    ],
  },
  "get whatever the organization": {
    fault: (ports) => {
      const owners = new Map<string, string>()
      return serversWith(({ get, insert }) => ({
        insert: (server) => {
          owners.set(server.id, server.organizationId)
          return insert(server)
        },
        get: (organizationId, id) => get(owners.get(id) ?? organizationId, id),
      }))(ports)
    },
    foundBy: ["organizations: another organization's server looks as if it were not there, to every method"],
  },
  "read and write with a gap between": {
    fault: serversWith(({ get, modify }) => ({
      modify: (organizationId, id, change) =>
        Effect.gen(function* () {
          const next = change(yield* get(organizationId, id))
          yield* Effect.yieldNow
          return yield* modify(organizationId, id, () => next)
        }),
    })),
    foundBy: [
      "servers, many callers of one node: of many changes none is lost, and each sees the result of another",
      "servers, callers of two nodes: of many changes none is lost, and each sees the result of another",
    ],
  },
  "a name that is looked up first, and taken then": {
    fault: serversWith(({ insert, list }) => ({
      insert: (server) =>
        Effect.gen(function* () {
          const present = yield* list(server.organizationId, {})
          if (present.some(({ name }) => name === server.name)) {
            return yield* new McpServerNameTaken({ name: server.name })
          }
          yield* Effect.yieldNow
          // The name is free as far as this store knows.
          return yield* Effect.catchTag(insert(server), "McpServerNameTaken", () => Effect.void)
        }),
    })),
    foundBy: ["servers, many callers of one node: of many inserts of one name one succeeds"],
  },
  "names that differ by case alone are one": {
    fault: serversWith(({ insert, list }) => ({
      insert: (server) =>
        Effect.flatMap(list(server.organizationId, {}), (present) =>
          present.some(({ name }) => name.toLowerCase() === server.name.toLowerCase())
            ? Effect.fail(new McpServerNameTaken({ name: server.name }))
            : insert(server),
        ),
    })),
    foundBy: ["servers: names of one organization are told apart by every character"],
  },
  "a list by name": {
    fault: serversWith(({ list }) => ({
      list: (organizationId, page) =>
        Effect.map(list(organizationId, page), (all) =>
          all.toSorted((one, other) => (one.name < other.name ? -1 : 1)),
        ),
    })),
    foundBy: ["lists of servers: a list is in order of creation, whatever names, ids and clocks say"],
  },
  "a list by date": {
    fault: serversWith(({ list }) => ({
      list: (organizationId, page) =>
        Effect.map(list(organizationId, page), (all) =>
          all.toSorted(
            (one, other) => DateTime.toEpochMillis(one.createdAt) - DateTime.toEpochMillis(other.createdAt),
          ),
        ),
    })),
    foundBy: ["lists of servers: a list is in order of creation, whatever names, ids and clocks say"],
  },
  "a page from the start where its beginning is unknown": {
    fault: serversWith(({ get, list }) => ({
      list: (organizationId, { after, limit }) =>
        get(organizationId, after ?? "").pipe(
          Effect.flatMap(() => list(organizationId, { after, limit })),
          Effect.catchTag("McpServerNotFound", () => list(organizationId, { limit })),
        ),
    })),
    foundBy: ["lists of servers: a page behind a server that is not there is empty"],
  },
  "a limit of none as no limit": {
    fault: serversWith(({ list }) => ({
      list: (organizationId, { after, limit }) => list(organizationId, { after, limit: limit || undefined }),
    })),
    foundBy: ["lists of servers: a page of at most none is empty"],
  },
  "ids that the database chokes on": {
    fault: serversWith(({ get }) => ({
      get: (organizationId, id) =>
        id.includes("\0")
          ? Effect.die(new Error("invalid byte sequence for encoding UTF8"))
          : get(organizationId, id),
    })),
    foundBy: ["servers: an id that is no server's is not found, whatever it is"],
  },
  "ids whatever their case": {
    fault: serversWith(({ get }) => ({ get: (organizationId, id) => get(organizationId, id.toLowerCase()) })),
    foundBy: ["servers: an id that is no server's is not found, whatever it is"],
  },
  "a name found whatever its case": {
    fault: serversWith(({ getByName, list }) => ({
      getByName: (organizationId, name) =>
        Effect.flatMap(list(organizationId, {}), (present) => {
          const found = present.find((server) => server.name.toLowerCase() === name.toLowerCase())
          return found === undefined ? getByName(organizationId, name) : Effect.succeed(found)
        }),
    })),
    foundBy: ["names of servers: a server is found whole by its name, told apart by every character"],
  },
  "a name found in any organization": {
    fault: (ports) => {
      const named = new Map<string, McpServer>()
      return serversWith(({ getByName, insert }) => ({
        insert: (server) => {
          named.set(server.name, server)
          return insert(server)
        },
        getByName: (organizationId, name) =>
          Effect.catchTag(getByName(organizationId, name), "McpServerNotFound", (error) => {
            const found = named.get(name)
            return found === undefined ? Effect.fail(error) : Effect.succeed(found)
          }),
      }))(ports)
    },
    foundBy: [
      "names of servers: a name is looked up within its organization only",
      "names of servers: a new name is found at once, and the old one no longer; so it is when the server is removed",
    ],
  },
  "names that the database chokes on": {
    fault: serversWith(({ getByName }) => ({
      getByName: (organizationId, name) =>
        name.includes("\0")
          ? Effect.die(new Error("invalid byte sequence for encoding UTF8"))
          : getByName(organizationId, name),
    })),
    foundBy: ["names of servers: a name that no server has is not found, whatever it is"],
  },
  "a change that is written although it was refused": {
    fault: serversWith(({ modify }) => ({
      modify: (organizationId, id, change) =>
        modify(organizationId, id, change).pipe(
          Effect.tapError(() =>
            Effect.ignore(
              modify(organizationId, id, (current) => Result.succeed({ ...current, revision: 9 })),
            ),
          ),
        ),
    })),
    foundBy: [
      "changes of servers: a change that is refused changes nothing, and says why",
      "changes of servers: a name that is taken cannot be given to another server, which stays as it was",
      "signals: what fails is not told",
    ],
  },
}
