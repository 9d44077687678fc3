import { createMooring, otlp } from "@mooring/core"
import { modernServer, reportTool } from "@mooring/testkit"
import { printingCollector } from "./printingCollector.ts"

const collector = await printingCollector()
const mcpServer = await modernServer({ tools: [reportTool] })

const mooring = createMooring({
  actor: "single-user",
  egress: { allowRanges: ["127.0.0.0/8"] },
  // In an application of yours: the URL of your collector.
  telemetry: otlp({ url: process.env["OTLP_URL"] ?? collector.url, serviceName: "telemetry-example" }),
  // One line for each event, to the standard error and to the collector.
  logLevel: "Info",
  logFormat: "json",
})

const alice = { organizationId: "default", userId: "default" }
const server = await mooring.servers.create(alice, {
  name: "reports",
  config: {
    type: "streamable_http",
    serverUrl: mcpServer.url,
    authHeader: null,
    authToken: null,
    customHeaders: null,
  },
})
const [tool] = await mooring.tools.list(alice, server.id)
const { text } = await mooring.tools.run(alice, server.id, tool?.id ?? "", { notices: [] })
// The tool answers with the `_meta` that it was called with: `traceparent` names the span `tools/call report`.
console.log(`The MCP server was told ${text}`)

// What has not been sent yet is sent now.
await mooring.close()
await mcpServer.close()
collector.close()
