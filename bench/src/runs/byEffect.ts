import * as McpClient from "effect/ai/McpClient"
import * as McpProtocol from "effect/ai/McpProtocol"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { checkEcho, echoArguments } from "../mcp/McpTarget.ts"
import type { OpenCaller } from "./Caller.ts"

/** Effect's own MCP client. By stdio it needs a package for its platform. */
export const openCaller: OpenCaller = async ({ kind, url }) => {
  const runtime = ManagedRuntime.make(
    McpClient.layerHttp({
      name: "bench",
      version: "1.0.0",
      protocol: kind === "modern" ? McpProtocol.v2026_07_28 : McpProtocol.v2025_11_25,
      url,
    }).pipe(Layer.provide(FetchHttpClient.layer)),
  )
  const client = Context.get(await runtime.context(), McpClient.McpClient)
  const [tool] = await runtime.runPromise(client.listTools())
  if (tool === undefined) throw new Error("The server has no tool")
  return () =>
    runtime.runPromise(
      Effect.map(client.callTool({ tool, arguments: echoArguments }), ({ content }) => checkEcho(content)),
    )
}
