import {
  ClientFeatures,
  layerMemory,
  McpServers,
  ServerConfig,
  type ServerRequestContext,
  ToolCatalog,
  ToolRunner,
  Transports,
} from "@mooring/core"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { describe, expect, test, vi } from "vitest"
import { askTool, everythingServer, inProcessServer } from "../../src/index.ts"
import {
  askingHost,
  elicitation,
  memoryUrl,
  remote,
  sampling,
  type OnElicit,
  type OnSample,
} from "./askingHost.ts"
import { alice } from "./hostWithServer.ts"
import { inMemoryServers, legacyServers, modernServers } from "./askingServers.ts"
import { rawServer, textOf } from "./rawServer.ts"

// What MCP servers of every kind ask for in the middle of a run, and how a host answers.

const blue = async () => ({ action: "accept" as const, content: { color: "blue" } })
const never = () => new Promise<never>(() => {})
const message = { role: "assistant" as const, model: "small", content: { type: "text" as const, text: "42" } }

describe.each(Object.entries({ ...legacyServers, ...modernServers }))("a server %s", (_name, start) => {
  test("asks the user of the run, and is answered with the fields that it asked for, defaults included", async () => {
    const onElicit = vi.fn<OnElicit>(async () => ({
      action: "accept" as const,
      content: { color: "blue", unasked: "secret" },
    }))
    await using host = await start({ onElicit })
    const form = {
      color: { type: "string" },
      size: { type: "integer", default: 3 },
      note: { type: "string" },
    }
    expect(await host.ask([elicitation("Which color?", form)])).toStrictEqual([
      { action: "accept", content: { color: "blue", size: 3 } },
    ])
    expect(onElicit).toHaveBeenCalledOnce()
    const [request, context] = onElicit.mock.lastCall ?? []
    expect(request).toStrictEqual({
      message: "Which color?",
      requestedSchema: { type: "object", properties: form, required: ["color"] },
    })
    expect(context).toStrictEqual({
      actor: alice,
      server: { id: host.serverId, name: "asking" },
      signal: expect.any(AbortSignal),
    })
  })

  test("asks for one thing after the other", async () => {
    const onElicit = vi.fn<OnElicit>(async ({ message }) =>
      message === "Sure?"
        ? { action: "decline" as const }
        : { action: "accept" as const, content: { color: message } },
    )
    const onSample = vi.fn<OnSample>(async () => message)
    await using host = await start({ onElicit, onSample })
    const asked = [elicitation("red"), sampling("What is 6 × 7?"), elicitation("Sure?")]
    expect(await host.ask(asked)).toMatchObject([
      { action: "accept", content: { color: "red" } },
      { model: "small", content: { text: "42" } },
      { action: "decline" },
    ])
    expect(onElicit).toHaveBeenCalledTimes(2)
    expect(onSample.mock.lastCall?.[0]).toMatchObject({
      messages: [{ role: "user", content: { type: "text", text: "What is 6 × 7?" } }],
      maxTokens: 10,
    })
  })

  test("asks nobody any more once the caller has left", async () => {
    const asked = Promise.withResolvers<AbortSignal>()
    await using host = await start({
      onElicit: (_request, { signal }) => {
        asked.resolve(signal)
        return never()
      },
    })
    const caller = new AbortController()
    const run = host.run({ requests: [elicitation("Which color?")] }, { signal: caller.signal })
    const signal = await asked.promise
    caller.abort()
    await expect(run).rejects.toThrow()
    await vi.waitUntil(() => signal.aborted)
  })

  test("gets no answer to what no host answers", async () => {
    await using host = await start({ onElicit: blue, onSample: async () => message })
    const link = { mode: "url", message: "Open", url: "https://example.com", elicitationId: "1" }
    expect(await host.run({ requests: [{ method: "roots/list", params: {} }] })).toMatchObject({
      status: "error",
    })
    const opened = await host.run({ requests: [{ method: "elicitation/create", params: link }] })
    expect(opened.text).not.toContain("accept")
    expect(await host.ask([elicitation("Which color?")])).toMatchObject([{ action: "accept" }])
  })
})

describe.each(Object.entries(inMemoryServers))("a server %s", (_name, start) => {
  test.each([
    ["throws", () => Promise.reject(new Error("secret of the host"))],
    ["breaks the form", async () => ({ action: "accept" as const, content: { color: 7 } })],
    ["leaves out what is required", async () => ({ action: "accept" as const })],
  ])("is told no more than that there is no answer where the host %s", async (_fault, onElicit) => {
    await using host = await start({ onElicit })
    expect(await host.ask([elicitation("Which color?")])).toStrictEqual([{ action: "cancel" }])
  })

  test("is given nothing where the model is not to answer, and hears no reason of the host's", async () => {
    await using host = await start({
      onElicit: blue,
      onSample: () => Promise.reject(new Error("secret of the host")),
    })
    const { status, text } = await host.run({ requests: [sampling("Hello")] })
    expect(status).toBe("error")
    expect(text).not.toContain("secret")
    expect(await host.ask([elicitation("Which color?")])).toMatchObject([{ action: "accept" }])
  })

  test("waits for a user no longer than a run may take, and the host hears that it is over", async () => {
    const asked = Promise.withResolvers<AbortSignal>()
    await using host = await start({
      limits: { runTimeoutMs: 1_000 },
      onElicit: (_request, { signal }) => {
        asked.resolve(signal)
        return never()
      },
    })
    const run = host.run({ requests: [elicitation("Which color?")] })
    const signal = await asked.promise
    expect(signal.aborted).toBe(false)
    expect(await run).toMatchObject({ status: "error", text: expect.stringContaining("within 1 s") })
    await vi.waitUntil(() => signal.aborted)
  })
})

describe.each(Object.entries(legacyServers))(
  "where the host answers nothing, a server %s",
  (_name, start) => {
    test("has its form declined, and no model", async () => {
      await using host = await start({})
      // A server of the second generation asks nobody who has not said that they can be asked.
      const { text } = await host.run({ requests: [elicitation("Which color?")] })
      expect(text).toMatch(/^\[\{"action":"decline"\}\]$|capabilit/)
      expect(await host.run({ requests: [sampling("Hello")] })).toMatchObject({
        status: "error",
        text: expect.stringMatching(/not supported|capabilit/),
      })
    })
  },
)

describe.each(Object.entries(modernServers))(
  "where the host answers nothing, a server %s",
  (_name, start) => {
    test("knows, and the run says so", async () => {
      await using host = await start({})
      expect(await host.run({ requests: [elicitation("Which color?")] })).toMatchObject({
        status: "error",
        text: expect.stringContaining("capabilities"),
      })
    })
  },
)

test("a server may ask before it lists its tools", async () => {
  const server = rawServer(
    "legacy",
    ({ reply }) => reply(textOf("done")),
    async ({ answers, send }) => {
      send({ id: "q", ...elicitation("Which color?") })
      await vi.waitUntil(() => answers.length > 0)
    },
  )
  const onElicit = vi.fn<OnElicit>(async (_request, { actor }) => ({
    action: "accept" as const,
    content: { color: actor.userId },
  }))
  await using host = await askingHost(remote(memoryUrl), {
    onElicit,
    transports: Transports.layerMemory({ [memoryUrl]: server.connect }),
  })
  expect(await host.run({})).toMatchObject({ status: "success" })
  expect(server.answers).toMatchObject([{ id: "q", result: { content: { color: "alice" } } }])
})

test("an Effect application answers by a reference, and is interrupted when the run is", () => {
  const server = inProcessServer({ era: "modern", tools: [askTool] })
  const asked = Deferred.makeUnsafe<ServerRequestContext>()
  const interrupted = Deferred.makeUnsafe<void>()
  const Forms = Layer.succeed(ClientFeatures, {
    elicit: (_request, context) =>
      Deferred.succeed(asked, context).pipe(
        Effect.andThen(Effect.never),
        Effect.onInterrupt(() => Deferred.succeed(interrupted, undefined)),
      ),
  })
  return Effect.gen(function* () {
    const mooring = yield* McpServers
    const catalog = yield* ToolCatalog
    const runner = yield* ToolRunner
    const config = yield* Schema.decodeUnknownEffect(ServerConfig)(remote(memoryUrl))
    const { id } = yield* mooring.create(alice, { name: "asking", config })
    yield* catalog.refresh(alice, id)
    const [tool] = yield* catalog.list(alice, id)
    const run = yield* runner
      .run(alice, id, tool?.id ?? "", { requests: [elicitation("Which color?")] })
      .pipe(Effect.forkChild)
    expect(yield* Deferred.await(asked)).toStrictEqual({ actor: alice, server: { id, name: "asking" } })
    yield* Fiber.interrupt(run)
    yield* Deferred.await(interrupted)
  }).pipe(
    Effect.provide(layerMemory({ [memoryUrl]: server.connect }).pipe(Layer.provide(Forms))),
    Effect.runPromise,
  )
})

test("the reference server's own questions are answered", async () => {
  await using server = await everythingServer("streamable_http")
  await using host = await askingHost(remote(server.url), {
    onElicit: async ({ requestedSchema }) => {
      const [name = ""] = requestedSchema.required ?? []
      return { action: "accept", content: { [name]: "Ada" } }
    },
    onSample: async () => message,
  })
  expect(await host.run({}, { name: "trigger-elicitation-request" })).toMatchObject({
    status: "success",
    text: expect.stringContaining("Ada"),
  })
  expect(
    await host.run({ prompt: "What is 6 × 7?", maxTokens: 10 }, { name: "trigger-sampling-request" }),
  ).toMatchObject({ status: "success", text: expect.stringContaining("42") })
})
