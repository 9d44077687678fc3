import { everythingProgram, everythingServer } from "./everythingServer.ts"
import { demoUser, protectedServer } from "./protectedServer.ts"
import type { ToolRun } from "./ToolRun.ts"
import type { WalkServer } from "./WalkServer.ts"

/** One MCP server, and the tools to run there. */
export interface Chapter {
  readonly title: string
  readonly serverName: string
  /** The `config` of the registration; undefined where the server that it needs could not be started. */
  readonly config: (start: StartServer) => Promise<object | undefined>
  /** Who signs in to the server; absent where nobody has to. */
  readonly user?: string
  readonly runs: ReadonlyArray<ToolRun>
}

/** Starts an MCP server on this machine and gives its origin, or undefined where that failed. */
export type StartServer = (server: WalkServer) => Promise<string | undefined>

const echo = (message: string): ToolRun => ({
  title: "Run a tool that answers with text",
  tool: "echo",
  args: { message },
  result: "text",
  funcReturn: `Echo: ${message}`,
})

const streamableHttp = async (start: StartServer, server: WalkServer) => {
  const origin = await start(server)
  return origin === undefined
    ? undefined
    : { mcp_server_type: "streamable_http", server_url: `${origin}/mcp` }
}

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
      const origin = await start(everythingServer("sse"))
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
    config: (start) => streamableHttp(start, everythingServer("streamableHttp")),
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
  {
    title: "OAuth: a server whose users sign in, each as themselves",
    serverName: "protected-http",
    config: (start) => streamableHttp(start, protectedServer),
    user: demoUser,
    runs: [
      {
        title: "Run a tool that answers with who is signed in",
        tool: "whoami",
        args: {},
        result: "text",
        funcReturn: demoUser,
      },
    ],
  },
]
