import { McpServerStore } from "@mooring/core"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { expect } from "vitest"
import { uniqueName } from "../host-suite/uniqueName.ts"
import { insertServer, stdioConfig } from "./makeServer.ts"
import { oddConfigs } from "./oddConfigs.ts"
import { oddSecrets } from "./oddTexts.ts"
import { readableServer } from "./readable.ts"
import { onNode, type StorageCases } from "./SuiteStorage.ts"

/** What is stored comes back as it was, by every way to read it, secrets included. */
const comesBack = Effect.fnUntraced(function* (config: Parameters<typeof readableServer>[0]["config"]) {
  const servers = yield* McpServerStore
  const organizationId = uniqueName("org")
  const server = yield* insertServer(organizationId, { config })
  const expected = readableServer(server)
  expect(readableServer(yield* servers.get(organizationId, server.id))).toStrictEqual(expected)
  expect((yield* servers.list(organizationId, {})).map(readableServer)).toStrictEqual([expected])
  const seen: Array<ReturnType<typeof readableServer>> = []
  const modified = yield* servers.modify(organizationId, server.id, (current) => {
    seen.push(readableServer(current))
    return Result.succeed({ ...current, revision: current.revision + 1 })
  })
  for (const current of seen) expect(current).toStrictEqual(expected)
  expect(readableServer(modified)).toStrictEqual({ ...expected, revision: 2 })
  expect(readableServer(yield* servers.get(organizationId, server.id))).toStrictEqual({
    ...expected,
    revision: 2,
  })

  // As the change of another config, too.
  const changed = yield* insertServer(organizationId, { config: stdioConfig(["before"]) })
  yield* servers.modify(organizationId, changed.id, (current) => Result.succeed({ ...current, config }))
  expect(readableServer(yield* servers.get(organizationId, changed.id)).config).toStrictEqual(expected.config)
})

const configsComeBack = Object.fromEntries(
  Object.entries(oddConfigs).flatMap(([type, configs]) =>
    Object.entries(configs).map(([kind, config]) => [
      `${type} comes back as it was: ${kind}`,
      onNode(comesBack(config)),
    ]),
  ),
)

const tokensComeBack = Object.fromEntries(
  Object.entries(oddSecrets).map(([kind, value]) => [
    `a token comes back as it was: ${kind}`,
    onNode(
      comesBack({
        type: "streamable_http",
        serverUrl: "https://mcp.example/mcp",
        authHeader: null,
        authToken: Redacted.make(value),
        customHeaders: null,
        oauth: null,
      }),
    ),
  ]),
)

/** Configs of every transport, and whatever may stand in them. */
export const configCases: StorageCases = { ...configsComeBack, ...tokensComeBack }
