import * as Schema from "effect/Schema"
import { fileURLToPath } from "node:url"

/** How the MCP server of a bench is spoken to. */
export const McpKind = Schema.Literals(["modern", "legacy", "sse", "stdio"])
export type McpKind = typeof McpKind.Type

/** An MCP server of a bench, with the tool `echo`. */
export const McpTarget = Schema.Struct({
  kind: McpKind,
  /** Where it is; stdio has a command in its place. */
  url: Schema.String,
})
export type McpTarget = typeof McpTarget.Type

/** The command of {@link McpTarget}s by stdio. */
export const stdioCommand = {
  command: process.execPath,
  args: [fileURLToPath(new URL("stdioServer.ts", import.meta.url))],
}

/** What its tool is called with, by everybody. */
export const echoArguments = { text: "hello" }

/** Whether it is what the tool answers: a call that went wrong must not count as a fast one. */
export const checkEcho = (content: ReadonlyArray<object>): void => {
  const [part] = content
  if (part === undefined || !("text" in part) || part.text !== echoArguments.text) {
    throw new Error("The tool gave another result than it should have")
  }
}
