import { defaultTools } from "./defaultTools.ts"
import type { HttpTestServer } from "./HttpTestServer.ts"
import type { TestTool } from "./TestTool.ts"
import { ToolRegistry } from "./ToolRegistry.ts"
import type { ToolObserver } from "./ToolRegistry.ts"

/** Which revisions a test server speaks: `initialize` alone, 2026-07-28 alone, or what the client opens with. */
export type ServerEra = "legacy" | "modern" | "both"

/** What every well-behaved test server can be told. */
export interface TestServerOptions {
  /** Name in the server's `serverInfo`. Default: the function's own name. */
  readonly name?: string
  /** The tools, default {@link defaultTools}; `false` for a server without the tools capability. */
  readonly tools?: ReadonlyArray<TestTool> | false
  /** How many tools `tools/list` answers at once. Default: all. */
  readonly pageSize?: number
}

/** What every test server over HTTP can be told. */
export interface HttpTestServerOptions extends TestServerOptions {
  /**
   * Called first with every request, on every path: a response that it returns is sent in place of the server's.
   * This is where a test asks for a token, or serves the metadata of RFC 9728.
   */
  readonly intercept?: (request: Request) => Response | undefined | Promise<Response | undefined>
  /** Default: a free one. Tell it for a server that comes back where another one was. */
  readonly port?: number
}

/** A well-behaved MCP server over HTTP, and what its tools saw. */
export interface McpTestServer extends HttpTestServer, ToolObserver {}

/** What the protocol sides of the test servers are built from. */
export interface ServerDefinition {
  readonly name: string
  readonly hasTools: boolean
  readonly registry: ToolRegistry
}

export function serverDefinition(fallbackName: string, options: TestServerOptions): ServerDefinition {
  const tools = options.tools ?? defaultTools()
  return {
    name: options.name ?? fallbackName,
    hasTools: tools !== false,
    registry: new ToolRegistry(tools === false ? [] : tools, options.pageSize ?? Number.POSITIVE_INFINITY),
  }
}
