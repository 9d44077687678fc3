import { scriptedTools } from "./scriptedServer.ts"
import type { Script } from "./scriptedServer.ts"
import type { JsonObject } from "./TestTool.ts"

/** The servers to which a client connects well, to find out later. */
export const badScriptKinds = [
  "hangs_at_tools_list",
  "endless_cursor",
  "repeating_cursor",
  "malformed_schema",
  "null_fields",
  "duplicate_tool_names",
  "huge_descriptions",
  "invalid_tool_result",
  "asks_for_input_again_and_again",
  "not_found_after_tool_call",
  "dies_in_tools_call",
  "hangs_in_tools_call",
  "tools_call_stream_ends",
  "huge_tool_result",
] as const

export type BadScriptKind = (typeof badScriptKinds)[number]

/** The script of one such server; `bytes` is the size of what is huge. */
export function badScript(kind: BadScriptKind, bytes: number | undefined): Script {
  switch (kind) {
    case "hangs_at_tools_list":
      return { listTools: () => {} }
    case "endless_cursor":
      return {
        listTools: ({ params, reply }) => {
          const page = Number(params["cursor"] ?? 0)
          reply({ tools: [toolNamed(`page_${page}`)], nextCursor: String(page + 1) })
        },
      }
    case "repeating_cursor":
      return { listTools: ({ reply }) => reply({ tools: scriptedTools, nextCursor: "again" }) }
    case "malformed_schema":
      return { listTools: ({ reply }) => reply({ tools: [...scriptedTools, ...malformedTools] }) }
    case "null_fields":
      return {
        listTools: ({ reply }) =>
          reply({
            tools: [
              { ...toolNamed("null_description"), description: null, annotations: null, outputSchema: null },
              { ...toolNamed("number_title"), title: 7 },
              { name: "", inputSchema: {} },
              null,
            ],
            nextCursor: null,
          }),
      }
    case "duplicate_tool_names":
      return {
        listTools: ({ reply }) =>
          reply({ tools: [...scriptedTools, { ...toolNamed("ping"), description: "A second ping" }] }),
      }
    case "huge_descriptions":
      return {
        listTools: ({ reply }) => {
          const description = "d".repeat(bytes ?? 2 ** 20)
          reply({ tools: scriptedTools.map((tool) => ({ ...tool, description })) })
        },
      }
    case "invalid_tool_result":
      return { callTool: ({ reply }) => reply({ content: [{ type: "hologram", beam: 7 }] }) }
    case "asks_for_input_again_and_again":
      return { callTool: ({ reply }) => reply({ resultType: "input_required", requestState: "again" }) }
    case "not_found_after_tool_call":
      return {
        callTool: ({ response }) => {
          response.writeHead(404).end()
        },
      }
    case "dies_in_tools_call":
      return {
        callTool: ({ request }) => {
          request.socket.destroy()
        },
      }
    case "hangs_in_tools_call":
      return { callTool: () => {} }
    case "tools_call_stream_ends":
      return {
        callTool: ({ response }) => {
          response.writeHead(200, { "content-type": "text/event-stream" })
          response.end(": that was all\n\n")
        },
      }
    case "huge_tool_result":
      return {
        callTool: ({ reply }) => reply({ content: [{ type: "text", text: "r".repeat(bytes ?? 2 ** 24) }] }),
      }
  }
}

function toolNamed(name: string): JsonObject {
  return { name, inputSchema: { type: "object", properties: {} } }
}

/** What other servers in the wild list beside good tools. */
const malformedTools: ReadonlyArray<JsonObject> = [
  { name: "bad_type", description: "Its schema is not of an object", inputSchema: { type: "string" } },
  {
    name: "bad_properties",
    description: "Its properties are not an object",
    inputSchema: { type: "object", properties: "none" },
  },
]
