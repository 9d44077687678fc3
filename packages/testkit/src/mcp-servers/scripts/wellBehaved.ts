// The process behind `stdioServer`. Its arguments are the era, the names of more tools, and then what the tool `argv`
// answers.
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js"
import { serveStdio } from "@modelcontextprotocol/server/stdio"
import { askTool } from "../askTool.ts"
import { defaultTools } from "../defaultTools.ts"
import { legacyProtocol } from "../legacyProtocol.ts"
import { modernProtocol } from "../modernProtocol.ts"
import { reportTool } from "../reportTool.ts"
import { serverDefinition } from "../TestServerOptions.ts"
import { textResult } from "../TestTool.ts"
import type { TestTool } from "../TestTool.ts"

const [era, more, ...args] = process.argv.slice(2)

const inputSchema = { type: "object", properties: {} }

const processTools: ReadonlyArray<TestTool> = [
  {
    name: "env",
    description: "Answers with the environment of the process as JSON",
    inputSchema,
    handle: () => textResult(JSON.stringify(process.env)),
  },
  {
    name: "argv",
    description: "Answers with the arguments of the process as JSON",
    inputSchema,
    handle: () => textResult(JSON.stringify(args)),
  },
  {
    name: "pid",
    description: "Answers with the number of the process",
    inputSchema,
    handle: () => textResult(String(process.pid)),
  },
]

const callsTool: TestTool = {
  name: "calls",
  description: "Answers with the calls so far, and those of them that were cancelled, as JSON",
  inputSchema,
  handle: () => {
    const { calls, cancellations } = definition.registry
    return textResult(JSON.stringify({ calls, cancellations }))
  },
}

const definition = serverDefinition("stdioServer", {
  tools: [
    ...defaultTools(),
    ...processTools,
    ...[askTool, reportTool, callsTool].filter(({ name }) => more?.split(",").includes(name)),
  ],
})

if (era === "legacy") {
  await legacyProtocol(definition).connect(new StdioServerTransport())
} else {
  serveStdio(() => modernProtocol(definition), { legacy: era === "modern" ? "reject" : "serve" })
}

// A tool that still waits would keep the process alive after its client is gone.
process.stdin.once("end", () => definition.registry.close())
