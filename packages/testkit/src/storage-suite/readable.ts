import type { McpServer, McpTool, ServerConfig, ServerOAuth } from "@mooring/core"
import * as DateTime from "effect/DateTime"
import * as Redacted from "effect/Redacted"

/**
 * A server in a form that can be compared: two `Redacted` are equal to vitest whatever is in them. Names of headers and
 * variables may come back in another order, and `__proto__` is one like any other.
 */
export const readableServer = (server: McpServer) => ({
  ...server,
  config: readableConfig(server.config),
  createdAt: DateTime.toEpochMillis(server.createdAt),
  updatedAt: DateTime.toEpochMillis(server.updatedAt),
})

const readableConfig = (config: ServerConfig) =>
  config.type === "stdio"
    ? { ...config, env: readableSecrets(config.env) }
    : {
        ...config,
        authToken: config.authToken === null ? null : Redacted.value(config.authToken),
        customHeaders: readableSecrets(config.customHeaders),
        oauth: config.oauth === null ? null : readableOAuth(config.oauth),
      }

const readableOAuth = ({ clientSecret, ...oauth }: ServerOAuth) => ({
  ...oauth,
  clientSecret: clientSecret === null ? null : Redacted.value(clientSecret),
})

const readableSecrets = (secrets: Readonly<Record<string, Redacted.Redacted<string>>> | null) =>
  secrets === null
    ? null
    : Object.entries(secrets)
        .map(([name, secret]) => [name, Redacted.value(secret)] as const)
        .toSorted(([one], [other]) => (one < other ? -1 : 1))

/**
 * A tool in a form that can be compared. Schemas are compared as JSON text: that sees the order of keys, which a model
 * reads, and own properties named `__proto__`; it sees no difference between 0 and -0, as JSON's readers need not.
 */
export const readableTool = ({ definition, schemaHealth, ...tool }: McpTool) => ({
  ...tool,
  schemaHealth: { status: schemaHealth.status, warnings: [...schemaHealth.warnings] },
  name: definition.name,
  title: definition.title,
  description: definition.description,
  inputSchema: JSON.stringify(definition.inputSchema),
  outputSchema: JSON.stringify(definition.outputSchema),
  annotations: JSON.stringify(definition.annotations),
})
