import { type Actor, layerMemory, McpServers, TelemetryEnabled, ToolCatalog, ToolRunner } from "@mooring/core"
import * as Effect from "effect/Effect"
import * as Tracer from "effect/Tracer"
import { expect, onTestFinished, test, vi } from "vitest"
import { inProcessServer } from "../../src/index.ts"

const url = "https://calculator.test/mcp"

/** Runs a tool in an application of Effect's that has a tracer, and gives the spans. */
const spansOf = async (enabled?: boolean) => {
  const written = vi.spyOn(console, "log").mockImplementation(() => {})
  onTestFinished(() => written.mockRestore())
  await using server = inProcessServer()
  const spans: Array<Tracer.Span> = []
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      spans.push(span)
      return span
    },
  })
  const program = Effect.gen(function* () {
    const actor: Actor = { organizationId: "acme", userId: "alice" }
    const created = yield* McpServers.use((servers) =>
      servers.create(actor, {
        name: "calculator",
        config: {
          type: "streamable_http",
          serverUrl: url,
          authHeader: null,
          authToken: null,
          customHeaders: null,
          oauth: null,
        },
      }),
    )
    yield* ToolCatalog.use((catalog) => catalog.refresh(actor, created.id))
    const tools = yield* ToolCatalog.use((catalog) => catalog.list(actor, created.id))
    const echo = tools.find(({ definition }) => definition.name === "echo")?.id ?? ""
    yield* ToolRunner.use((runner) => runner.run(actor, created.id, echo, { text: "hello" }))
  })
  await program.pipe(
    Effect.provide(layerMemory({ [url]: server.connect })),
    Effect.provideService(TelemetryEnabled, enabled),
    Effect.withSpan("application"),
    Effect.provideService(Tracer.Tracer, tracer),
    Effect.runPromise,
  )
  return { spans, sent: JSON.stringify(server.messages), lines: written.mock.calls }
}

test("the tracer of an application of Effect's is used, with its span as the parent", async () => {
  const { lines, sent, spans } = await spansOf()
  const [application] = spans
  const run = spans.find(({ name }) => name === "mooring.run")
  const call = spans.find(({ name }) => name === "tools/call echo")
  expect(run?.parent).toMatchObject({ value: application })
  expect(call).toMatchObject({ kind: "client", parent: { value: run }, status: { _tag: "Ended" } })
  expect(lines).toStrictEqual([])
  expect(sent).toContain(`"traceparent":"00-${application?.traceId}-${call?.spanId}-01"`)
})

test("unless it says that it shall not be", async () => {
  const { sent, spans } = await spansOf(false)
  expect(spans.map(({ name }) => name)).toStrictEqual(["application"])
  expect(sent).not.toContain("traceparent")
})
