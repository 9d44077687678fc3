import { JsonRpcError } from "./TestTool.ts"
import type { JsonObject, TestTool, TestToolResult, ToolClient } from "./TestTool.ts"

/** A tool call that reached a test server's tool. */
export interface ToolCall {
  readonly name: string
  readonly args: JsonObject
}

/** What a test may ask of the tools of a server that it started. */
export interface ToolObserver {
  /** Every execution of a tool, over all connections: the proof that a tool ran once, or not at all. */
  readonly calls: ReadonlyArray<ToolCall>
  /** The calls that were cancelled, or whose connection ended, while they ran. */
  readonly cancellations: ReadonlyArray<ToolCall>
  /** Resolves with the first cancelled call, past or future. */
  readonly cancelled: Promise<ToolCall>
  /** Resolves with the first call of the named tool, past or future, as soon as it has begun. */
  called(name: string): Promise<ToolCall>
  /** Replaces the tools, on all connections, and notifies those clients that listen for it. */
  setTools(tools: ReadonlyArray<TestTool>): Promise<void>
}

/** JSON-RPC's code for invalid params, and MCP's for an unknown tool or cursor. */
const invalidParams = -32602

const cursorPrefix = "from:"

/** The tools of one test server: shared by all of its connections, whichever package speaks the protocol. */
export class ToolRegistry {
  readonly calls: Array<ToolCall> = []
  readonly cancellations: Array<ToolCall> = []
  readonly cancelled: Promise<ToolCall>
  tools: ReadonlyArray<TestTool>
  readonly #pageSize: number
  readonly #resolveCancelled: (call: ToolCall) => void
  readonly #first = new Map<string, PromiseWithResolvers<ToolCall>>()
  readonly #closed = new AbortController()

  constructor(tools: ReadonlyArray<TestTool>, pageSize: number) {
    this.tools = tools
    this.#pageSize = pageSize
    const cancelled = Promise.withResolvers<ToolCall>()
    this.cancelled = cancelled.promise
    this.#resolveCancelled = cancelled.resolve
  }

  called(name: string): Promise<ToolCall> {
    return this.#firstCall(name).promise
  }

  /** One page as `tools/list` answers it. The cursor is the offset, which clients must not know. */
  list(cursor: string | undefined): { tools: Array<JsonObject>; nextCursor?: string } {
    const start = cursor === undefined ? 0 : offsetOf(cursor)
    if (start === undefined || start > this.tools.length) {
      throw new JsonRpcError(invalidParams, `Unknown cursor: ${String(cursor)}`)
    }
    const end = start + this.#pageSize
    const page = this.tools.slice(start, end).map(({ handle: _handle, ...definition }) => definition)
    return end < this.tools.length ? { tools: page, nextCursor: `${cursorPrefix}${end}` } : { tools: page }
  }

  async call(
    name: string,
    args: JsonObject,
    signal: AbortSignal,
    client: ToolClient,
  ): Promise<TestToolResult> {
    const tool = this.tools.find((candidate) => candidate.name === name)
    if (tool === undefined) throw new JsonRpcError(invalidParams, `Unknown tool: ${name}`)
    const call: ToolCall = { name, args }
    this.calls.push(call)
    this.#firstCall(name).resolve(call)
    const execution = this.calls.filter((earlier) => earlier.name === name).length
    const recordCancellation = () => {
      if (this.#closed.signal.aborted) return
      this.cancellations.push(call)
      this.#resolveCancelled(call)
    }
    signal.addEventListener("abort", recordCancellation, { once: true })
    try {
      return await tool.handle(args, {
        signal: AbortSignal.any([signal, this.#closed.signal]),
        execution,
        ...client,
      })
    } finally {
      signal.removeEventListener("abort", recordCancellation)
    }
  }

  /** Ends what still runs, without taking it for a cancellation. */
  close(): void {
    this.#closed.abort()
  }

  #firstCall(name: string): PromiseWithResolvers<ToolCall> {
    const known = this.#first.get(name) ?? Promise.withResolvers<ToolCall>()
    this.#first.set(name, known)
    return known
  }
}

function offsetOf(cursor: string): number | undefined {
  const offset = Number(cursor.slice(cursorPrefix.length))
  return cursor.startsWith(cursorPrefix) && Number.isInteger(offset) && offset > 0 ? offset : undefined
}
