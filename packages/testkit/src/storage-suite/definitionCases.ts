import { ToolStore } from "@mooring/core"
import * as Effect from "effect/Effect"
import { expect } from "vitest"
import { uniqueName } from "../host-suite/uniqueName.ts"
import { insertServer } from "./makeServer.ts"
import { makeTool, makeTools, replaceBy } from "./makeTool.ts"
import { oddDefinitions } from "./oddDefinitions.ts"
import { oddSecrets } from "./oddTexts.ts"
import { readableTool } from "./readable.ts"
import { onNode, type StorageCases } from "./SuiteStorage.ts"

const definitionsComeBack = Object.fromEntries(
  Object.entries(oddDefinitions).map(([kind, definitions]) => [
    `definitions come back as they were: ${kind}`,
    onNode(
      Effect.gen(function* () {
        const tools = yield* ToolStore
        const organizationId = uniqueName("org")
        const server = yield* insertServer(organizationId)
        const made = definitions.map((definition) => makeTool(server, definition))
        const expected = made.map(readableTool)
        yield* tools.replaceAll(server, replaceBy(made))
        expect((yield* tools.list(organizationId, server.id)).map(readableTool)).toStrictEqual(expected)
        for (const tool of made) {
          const offered = yield* tools.get(organizationId, server.id, tool.id)
          expect(readableTool(offered.tool)).toStrictEqual(readableTool(tool))
        }
        // What a refresh compares with what it has listed now.
        const { tools: kept } = yield* tools.replaceAll(server, (current) => replaceBy(current)(current))
        expect(kept.map(readableTool)).toStrictEqual(expected)
      }),
    ),
  ]),
)

/** What MCP servers say of their tools, and what is said of that, is kept as it is. */
export const definitionCases: StorageCases = {
  ...definitionsComeBack,

  "the judgement of a schema comes back as it was": onNode(
    Effect.gen(function* () {
      const tools = yield* ToolStore
      const organizationId = uniqueName("org")
      const server = yield* insertServer(organizationId)
      const made = (["STRICT_COMPLIANT", "NON_STRICT_ONLY", "INVALID"] as const).map((status) =>
        makeTool(
          server,
          { name: status },
          {
            // Warnings name places by the server's own keys.
            schemaHealth: {
              status,
              warnings: status === "INVALID" ? Object.values(oddSecrets).map((text) => `/${text}`) : [],
            },
            createdBy: "Zoë 👩‍👩‍👧‍👦",
            updatedBy: "o'brien@example.com",
          },
        ),
      )
      yield* tools.replaceAll(server, replaceBy(made))
      expect((yield* tools.list(organizationId, server.id)).map(readableTool)).toStrictEqual(
        made.map(readableTool),
      )
    }),
  ),

  "ten thousand tools are replaced at once": onNode(
    Effect.gen(function* () {
      const tools = yield* ToolStore
      const organizationId = uniqueName("org")
      const server = yield* insertServer(organizationId)
      const names = Array.from({ length: 10_000 }, (_, index) => `tool ${index}`)
      const made = makeTools(server, names)
      for (const next of [made, made.toReversed(), made.slice(0, 1)]) {
        yield* tools.replaceAll(server, replaceBy(next))
        const listed = yield* tools.list(organizationId, server.id)
        expect(listed.map(({ id }) => id)).toStrictEqual(next.map(({ id }) => id))
      }
    }),
  ),
}
