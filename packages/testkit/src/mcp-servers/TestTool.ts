/** A JSON object taken as it is: schemas of test tools reach the client unchanged, valid or not. */
export type JsonObject = { readonly [key: string]: unknown }

/** What a test tool's execution knows of its request. */
export interface ToolContext {
  /** Aborted when the client cancels the call, or its connection ends. */
  readonly signal: AbortSignal
  /** How often this tool was called on this server, this call included. */
  readonly execution: number
  /**
   * Asks the client for something (`elicitation/create`, `sampling/createMessage`, `roots/list`), declared or not, and
   * resolves with its answer. A server of 2026-07-28 gives up the execution to ask, and begins another one with all
   * answers so far: what a tool asks must depend on nothing else.
   */
  readonly ask: (method: string, params: JsonObject) => Promise<JsonObject>
  /** What the client sent with its request, such as the token under which it wants to hear of progress. */
  readonly meta: JsonObject
  /**
   * Sends the client a notification by the stream of this call's answer, or where `aside` is set, by the one that
   * belongs to no call (a server of 2026-07-28 over HTTP has none).
   */
  readonly notify: (method: string, params: JsonObject, aside?: boolean) => Promise<void>
}

/** What a tool's execution asks and tells its client by. */
export type ToolClient = Pick<ToolContext, "ask" | "meta" | "notify">

/** The result of `tools/call`, in the shape of the MCP specification. */
export interface TestToolResult {
  readonly content: ReadonlyArray<JsonObject>
  readonly structuredContent?: JsonObject
  readonly isError?: boolean
}

/** A tool of a test server: what `tools/list` says of it, and what it does. */
export interface TestTool {
  readonly name: string
  readonly title?: string
  readonly description?: string
  readonly inputSchema: JsonObject
  readonly outputSchema?: JsonObject
  readonly annotations?: JsonObject
  readonly handle: (args: JsonObject, context: ToolContext) => TestToolResult | Promise<TestToolResult>
}

/** Thrown by a tool, it becomes a JSON-RPC error instead of a tool result. */
export class JsonRpcError extends Error {
  override readonly name = "JsonRpcError"
  readonly code: number

  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

/** A result of one text part. */
export function textResult(text: string): TestToolResult {
  return { content: [{ type: "text", text }] }
}
