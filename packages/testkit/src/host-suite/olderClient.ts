import { expect } from "vitest"
import { type TestTool, textResult } from "../mcp-servers/TestTool.ts"
import type { SuiteHost } from "./SuiteHost.ts"
import { uniqueName } from "./uniqueName.ts"

/** A URL of the right form at which nothing can be registered by accident: RFC 6761 reserves the name. */
export const nowhere = "https://mcp.invalid/mcp"

/** The client before 1.0 in an organization of its own, beside the newer one. */
export const newOrganization = (host: SuiteHost) => {
  const actor = `${uniqueName("org")}/alice`
  return { tools: host.olderLetta(actor).tools, mcpServers: host.letta(actor).mcpServers }
}

/** What that client throws for an answer of that status and word. */
export const failure = (statusCode: number, type: string): unknown =>
  expect.objectContaining({ statusCode, body: expect.objectContaining({ error: { type } }) })

/** A tool that has a name, and that is all. */
export const namedTool = (name: string): TestTool => ({
  name,
  inputSchema: { type: "object" },
  handle: () => textResult(name),
})
