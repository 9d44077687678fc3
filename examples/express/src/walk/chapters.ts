import { everythingProgram } from "./EverythingServer.ts"
import type { ToolRun } from "./ToolRun.ts"

/** One MCP server by one transport, and the tools to run there. */
export interface Chapter {
  readonly title: string
  readonly serverName: string
  /** The `config` of the registration; undefined where the server that it needs could not be started. */
  readonly config: (start: StartServer) => Promise<object | undefined>
  readonly runs: ReadonlyArray<ToolRun>
}

/** Starts an MCP server on this machine and gives its origin, or undefined where that failed. */
export type StartServer = (transport: "sse" | "streamableHttp") => Promise<string | undefined>

const echo = (message: string): ToolRun => ({
  title: "Run a tool that answers with text",
  tool: "echo",
  args: { message },
  result: "text",
  funcReturn: `Echo: ${message}`,
})

export const chapters: ReadonlyArray<Chapter> = [
  {
    title: "stdio: a command, which Mooring starts and speaks with",
    serverName: "everything-stdio",
    config: async () => ({
      mcp_server_type: "stdio",
      command: process.execPath,
      args: [everythingProgram, "stdio"],
    }),
    runs: [
      echo("Ahoy by stdio"),
      { title: "Run a tool that answers with an image", tool: "get-tiny-image", args: {}, result: "image" },
    ],
  },
  {
    title: "SSE: a server behind a URL, as older ones are",
    serverName: "everything-sse",
    config: async (start) => {
      const origin = await start("sse")
      return origin === undefined ? undefined : { mcp_server_type: "sse", server_url: `${origin}/sse` }
    },
    runs: [
      echo("Ahoy by SSE"),
      {
        title: "Run a tool that answers with a resource",
        tool: "get-resource-reference",
        args: { resourceType: "Text", resourceId: 1 },
        result: "resource",
      },
    ],
  },
  {
    title: "Streamable HTTP: a server behind a URL, as they are today",
    serverName: "everything-http",
    config: async (start) => {
      const origin = await start("streamableHttp")
      return origin === undefined
        ? undefined
        : { mcp_server_type: "streamable_http", server_url: `${origin}/mcp` }
    },
    runs: [
      echo("Ahoy by streamable HTTP"),
      {
        title: "Run a tool that answers with structured content",
        tool: "get-structured-content",
        args: { location: "Chicago" },
        result: "structured",
      },
      {
        title: "Run a tool with arguments that it refuses",
        tool: "get-sum",
        args: { a: "three", b: 4 },
        result: "error",
      },
    ],
  },
]
