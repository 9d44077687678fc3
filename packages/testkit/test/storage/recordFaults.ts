import type { McpServer } from "@mooring/core"
import * as DateTime from "effect/DateTime"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type { Fault, FaultyPorts } from "./memoryStorage.ts"
import { serversWith } from "./serverFaults.ts"

/** A store that keeps something else than it was told to. */
const keeping = (other: (server: McpServer) => McpServer): Fault =>
  serversWith(({ insert, modify }) => ({
    insert: (server) => insert(other(server)),
    modify: (organizationId, id, change) =>
      modify(organizationId, id, (current) => Result.map(change(current), other)),
  }))

const changeSecrets = (server: McpServer, change: (secret: string) => string | null): McpServer => {
  const { config } = server
  if (config.type === "stdio" || config.authToken === null) return server
  const token = change(Redacted.value(config.authToken))
  return { ...server, config: { ...config, authToken: token === null ? null : Redacted.make(token) } }
}

/** How a record may come back other than it was stored, and cases that must find it. */
export const recordFaults: Readonly<Record<string, FaultyPorts>> = {
  "names in one normal form": {
    fault: keeping((server) => ({ ...server, name: server.name.normalize("NFC") })),
    foundBy: ["servers: names of one organization are told apart by every character"],
  },
  "dates to the second": {
    fault: keeping((server) => ({
      ...server,
      createdAt: DateTime.makeUnsafe(Math.floor(DateTime.toEpochMillis(server.createdAt) / 1_000) * 1_000),
    })),
    foundBy: ["servers: dates come back to the millisecond, revision and users as they were"],
  },
  "secrets as UTF-8": {
    fault: keeping((server) => changeSecrets(server, (secret) => secret.toWellFormed())),
    foundBy: ["configs: a token comes back as it was: loneHighSurrogate"],
  },
  "secrets up to NUL": {
    fault: keeping((server) => changeSecrets(server, (secret) => secret.split("\0")[0] ?? "")),
    foundBy: [
      "configs: a token comes back as it was: nul",
      "configs: a token comes back as it was: trailingNul",
    ],
  },
  "empty secrets as none": {
    fault: keeping((server) => changeSecrets(server, (secret) => (secret === "" ? null : secret))),
    foundBy: [
      "configs: a token comes back as it was: empty",
      "changes of servers: secrets are replaced, added, left out and cleared",
    ],
  },
  "a token that is kept when it is cleared": {
    fault: serversWith(({ modify }) => ({
      modify: (organizationId, id, change) =>
        modify(organizationId, id, (current) =>
          Result.map(change(current), (next) =>
            next.config.type !== "stdio" && next.config.authToken === null && current.config.type !== "stdio"
              ? { ...next, config: { ...next.config, authToken: current.config.authToken } }
              : next,
          ),
        ),
    })),
    foundBy: ["changes of servers: secrets are replaced, added, left out and cleared"],
  },
  "headers assigned one by one": {
    fault: keeping((server) => {
      const { config } = server
      if (config.type === "stdio" || config.customHeaders === null) return server
      const customHeaders: Record<string, Redacted.Redacted<string>> = {}
      for (const [name, value] of Object.entries(config.customHeaders)) customHeaders[name] = value
      return { ...server, config: { ...config, customHeaders } }
    }),
    foundBy: ["configs: streamable_http comes back as it was: odd header names"],
  },
}
