import { type MooringOptions, Transports } from "@mooring/core"
import { describe, expect, test, vi } from "vitest"
import {
  askingHost,
  elicitation,
  memoryUrl,
  remote,
  sampling,
  type OnElicit,
  type OnSample,
} from "./askingHost.ts"
import { alice, bob } from "./hostWithServer.ts"
import { recordLogs } from "../hostile-oauth/recordLogs.ts"
import { rawServer, type RawServer, textOf } from "./rawServer.ts"

// What a hostile MCP server asks for, and how little comes of it.

const blue = async () => ({ action: "accept" as const, content: { color: "blue" } })

const hostOf = ({ connect }: RawServer, options: Partial<MooringOptions>) =>
  askingHost(remote(memoryUrl), {
    transports: Transports.layerMemory({ [memoryUrl]: connect }),
    ...options,
  })

const nested = (depth: number): unknown => (depth === 0 ? {} : { deeper: nested(depth - 1) })

const unusable: ReadonlyArray<readonly [string, object]> = [
  ["without a form", { message: "Hello" }],
  [
    "with a form that is nested",
    {
      message: "",
      requestedSchema: { type: "object", properties: { a: { type: "object", properties: {} } } },
    },
  ],
  [
    "with a required field that it does not have",
    { message: "", requestedSchema: { type: "object", properties: {}, required: ["a"] } },
  ],
  ["that is very long", { ...elicitation("long".repeat(100_000)).params }],
  ["that is nested very deeply", { ...elicitation("").params, _meta: nested(2_000) }],
  [
    "with very many fields",
    elicitation(
      "",
      Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`f${index}`, { type: "boolean" }])),
    ).params,
  ],
  ["of a mode that nobody knows", { ...elicitation("").params, mode: "telepathy" }],
]

describe("a server that asks by requests", () => {
  test.each(unusable)("asks nobody by an elicitation %s", async (_kind, params) => {
    const onElicit = vi.fn<OnElicit>(blue)
    const server = rawServer("legacy", ({ reply }, { send }) => {
      send({ id: "q", method: "elicitation/create", params })
      void vi.waitUntil(() => server.answers.length > 0).then(() => reply(textOf("done")))
    })
    await using host = await hostOf(server, { onElicit })
    expect(await host.run({})).toMatchObject({ status: "success" })
    expect(server.answers).toMatchObject([{ id: "q", error: { code: -32602 } }])
    expect(onElicit).not.toHaveBeenCalled()
  })

  test("that wants tools for the model is refused", async () => {
    const onSample = vi.fn<OnSample>(async () => undefined)
    const server = rawServer("legacy", ({ reply }, { send }) => {
      send({ id: "q", ...sampling("Hello", { tools: [{ name: "rm", inputSchema: { type: "object" } }] }) })
      void vi.waitUntil(() => server.answers.length > 0).then(() => reply(textOf("done")))
    })
    await using host = await hostOf(server, { onSample })
    await host.run({})
    expect(server.answers).toMatchObject([{ error: { code: -32602 } }])
    expect(onSample).not.toHaveBeenCalled()
  })

  test("is told that the user refuses a model's answer", async () => {
    const server = rawServer("legacy", ({ reply }, { send }) => {
      send({ id: "q", ...sampling("Hello") })
      void vi.waitUntil(() => server.answers.length > 0).then(() => reply(textOf("done")))
    })
    await using host = await hostOf(server, { onSample: async () => undefined })
    await host.run({})
    expect(server.answers).toMatchObject([{ error: { code: -1, message: "User rejected sampling request" } }])
  })

  test("is answered no more often than the host allows, and not all at once", async () => {
    let open = 0
    let most = 0
    const onElicit = vi.fn<OnElicit>(async () => {
      most = Math.max(most, ++open)
      await new Promise((resolve) => setImmediate(resolve))
      open -= 1
      return { action: "accept" as const, content: { color: "blue" } }
    })
    const server = rawServer("legacy", async ({ reply }, { send }) => {
      for (let index = 0; index < 20; index += 1) {
        send({ id: index, ...elicitation("Which color?") })
        if (index % 10 === 9) await vi.waitUntil(() => server.answers.length > index)
      }
      reply(textOf("done"))
    })
    await using host = await hostOf(server, { onElicit, limits: { serverRequests: 6 } })
    expect(await host.run({})).toMatchObject({ status: "success" })
    expect(onElicit).toHaveBeenCalledTimes(6)
    expect(most).toBe(4)
    const actions = server.answers.map(({ result }) => JSON.stringify(result))
    expect(actions.filter((action) => action === '{"action":"decline"}')).toHaveLength(14)
  })

  test("is hung up on when it does not stop asking", async () => {
    const server = rawServer("legacy", (_call, { send }) => {
      for (let index = 0; index < 10_000; index += 1) send({ id: index, ...elicitation("Which color?") })
    })
    const onElicit = vi.fn<OnElicit>(blue)
    await using host = await hostOf(server, { onElicit, limits: { serverRequests: 6 } })
    expect(await host.run({})).toMatchObject({ status: "error", text: expect.stringContaining("lost") })
    expect(server.answers.length).toBeLessThan(1_000)
    expect(onElicit.mock.calls.length).toBeLessThanOrEqual(6)
  })

  test("asks nobody while nothing goes on", async () => {
    const onElicit = vi.fn<OnElicit>(blue)
    const server = rawServer("legacy", ({ reply }) => reply(textOf("done")))
    await using host = await hostOf(server, { onElicit })
    await host.run({})
    server.send({ id: "late", ...elicitation("Which color?") })
    await vi.waitUntil(() => server.answers.length > 0)
    expect(server.answers).toMatchObject([{ id: "late", result: { action: "decline" } }])
    expect(onElicit).not.toHaveBeenCalled()
  })

  test("leaves a warning where the host gives it a wrong answer, without the user's words", async () => {
    const server = rawServer("legacy", ({ reply }, { send }) => {
      send({ id: "q", ...elicitation("Which color?") })
      void vi.waitUntil(() => server.answers.length > 0).then(() => reply(textOf("done")))
    })
    await using host = await hostOf(server, {
      logLevel: "Warn",
      onElicit: async () => ({ action: "accept", content: { color: ["secret"] } }),
    })
    const logs = recordLogs()
    await host.run({}).finally(logs.stop)
    expect(logs.lines.join()).toMatch(/could not answer an elicitation[^]*color must be text/)
    expect(logs.lines.join()).toContain(host.serverId)
    expect(logs.lines.join()).not.toContain("secret")
    expect(server.answers).toMatchObject([{ id: "q", result: { action: "cancel" } }])
  })

  test("does not see the answer that the user gave when the run was over", async () => {
    const answer = Promise.withResolvers<Awaited<ReturnType<typeof blue>>>()
    const server = rawServer("legacy", ({ reply }, { send }) => {
      send({ id: "q", ...elicitation("Which color?") })
      void vi.waitUntil(() => onElicit.mock.calls.length > 0).then(() => reply(textOf("done")))
    })
    const onElicit = vi.fn<OnElicit>(() => answer.promise)
    await using host = await hostOf(server, { onElicit })
    expect(await host.run({})).toMatchObject({ status: "success" })
    answer.resolve(await blue())
    await vi.waitUntil(() => server.answers.length > 0)
    expect(server.answers).toMatchObject([{ id: "q", result: { action: "cancel" } }])
  })
})

describe("two users of one server", () => {
  test.each(["legacy", "modern"] as const)("are each asked their own questions (%s)", async (era) => {
    const connections: Array<RawServer> = []
    const connect = () => {
      const server = rawServer(era, ({ params, reply }, { send }) => {
        if (era === "legacy")
          return send({ id: "q", ...elicitation("Who are you?", { name: { type: "string" } }) })
        if ("inputResponses" in params) return reply(textOf(JSON.stringify(params["inputResponses"])))
        const inputRequests = { q: elicitation("Who are you?", { name: { type: "string" } }) }
        reply({ resultType: "input_required", inputRequests })
      })
      connections.push(server)
      return server.connect()
    }
    const asked: Array<string> = []
    const both = Promise.withResolvers<void>()
    await using host = await askingHost(remote(memoryUrl), {
      transports: Transports.layerMemory({ [memoryUrl]: connect }),
      limits: { runTimeoutMs: 5_000 },
      onElicit: async (_request, { actor }) => {
        asked.push(actor.userId)
        if (asked.length === 2) both.resolve()
        // Both questions are open at the same time.
        await both.promise
        return { action: "accept", content: { name: actor.userId } }
      },
    })
    const caller = new AbortController()
    const runs = [alice, bob].map((actor) => host.run({}, { actor, signal: caller.signal }))
    await both.promise
    expect(asked.toSorted()).toStrictEqual(["alice", "bob"])
    if (era === "modern") {
      expect((await Promise.all(runs)).map(({ text }) => JSON.parse(text))).toStrictEqual([
        { q: { action: "accept", content: { name: "alice" } } },
        { q: { action: "accept", content: { name: "bob" } } },
      ])
    } else {
      const answered = () => connections.flatMap(({ answers }) => answers.map(({ result }) => result))
      await vi.waitUntil(() => answered().length === 2)
      expect(connections.map(({ answers }) => answers.length)).toStrictEqual(connections.map(() => 1))
      expect(JSON.stringify(answered())).toMatch(/alice.*bob|bob.*alice/)
    }
    expect(connections).toHaveLength(2)
    caller.abort()
    await Promise.allSettled(runs)
  })

  test("share a session where nobody is asked", async () => {
    let connections = 0
    const server = rawServer("legacy", ({ reply }) => reply(textOf("done")))
    const connect = () => {
      connections += 1
      return server.connect()
    }
    await using host = await hostOf({ ...server, connect }, {})
    await Promise.all([host.run({}, { actor: alice }), host.run({}, { actor: bob })])
    expect(connections).toBe(1)
  })
})

describe("a server that asks in the place of a result", () => {
  const form = { q: elicitation("Which color?") }

  test.each(['{ "looks": "like JSON" }', "", "\u0000\u2028\ud800 ünïcode 🜚", "x".repeat(10_000)])(
    "gets its state back as it was, and none where it gave none",
    async (requestState) => {
      const states: Array<unknown> = []
      const server = rawServer("modern", ({ params, reply }) => {
        states.push("requestState" in params ? params["requestState"] : "none")
        if (states.length === 1)
          return reply({ resultType: "input_required", inputRequests: form, requestState })
        if (states.length === 2) return reply({ resultType: "input_required", inputRequests: form })
        reply(textOf("done"))
      })
      await using host = await hostOf(server, { onElicit: blue })
      expect(await host.run({})).toMatchObject({ status: "success" })
      expect(states).toStrictEqual(["none", requestState, "none"])
    },
  )

  test("may leave out that a result is complete", async () => {
    const server = rawServer("modern", ({ reply }) => reply({ resultType: undefined, ...textOf("done") }))
    await using host = await hostOf(server, {})
    expect(await host.run({})).toMatchObject({ status: "success", text: "done" })
  })

  test("is asked again after a pause where it only wants more time", async () => {
    const calls: Array<unknown> = []
    const server = rawServer("modern", ({ params, reply }) => {
      calls.push(params)
      reply(calls.length === 1 ? { resultType: "input_required", requestState: "later" } : textOf("done"))
    })
    await using host = await hostOf(server, {})
    expect(await host.run({})).toMatchObject({ status: "success" })
    expect(calls[1]).toMatchObject({ requestState: "later" })
    expect(calls[1]).not.toHaveProperty("inputResponses")
  })

  test("has its forms declined where the host answers none", async () => {
    const server = rawServer("modern", ({ params, reply }) =>
      "inputResponses" in params
        ? reply(textOf(JSON.stringify(params["inputResponses"])))
        : reply({ resultType: "input_required", inputRequests: form }),
    )
    await using host = await hostOf(server, {})
    expect(await host.run({})).toMatchObject({ status: "success", text: '{"q":{"action":"decline"}}' })
  })

  test.each([
    ["a model's answer", { q: sampling("Hello") }, "a model's answer"],
    ["roots", { q: { method: "roots/list" } }, "does not give"],
    ["what nobody knows", { q: { method: "shell/run", params: {} } }, "does not give"],
    ["nothing that can be read", { q: "please" }, "not valid MCP"],
    [
      "more than it may",
      Object.fromEntries(Array.from({ length: 10_000 }, (_, key) => [key, form.q])),
      "more than",
    ],
    ["too much at once", { q: elicitation("long".repeat(100_000)) }, "more input at once"],
    ["something nested very deeply", { q: { ...form.q, deep: nested(2_000) } }, "more input at once"],
  ])("ends the run without a result by asking for %s", async (_kind, inputRequests, problem) => {
    const onElicit = vi.fn<OnElicit>(blue)
    const server = rawServer("modern", ({ reply }) => reply({ resultType: "input_required", inputRequests }))
    await using host = await hostOf(server, { onElicit })
    expect(await host.run({})).toMatchObject({ status: "error", text: expect.stringContaining(problem) })
    expect(onElicit).not.toHaveBeenCalled()
  })

  test("ends the run by asking without end", async () => {
    const onElicit = vi.fn<OnElicit>(blue)
    const server = rawServer("modern", ({ reply }) =>
      reply({ resultType: "input_required", inputRequests: form, requestState: "again" }),
    )
    await using host = await hostOf(server, { onElicit, limits: { serverRequests: 5 } })
    expect(await host.run({})).toMatchObject({ status: "error", text: expect.stringContaining("5 times") })
    expect(onElicit).toHaveBeenCalledTimes(5)
  })

  test("can't have a tool run again by going away between two rounds", async () => {
    let calls = 0
    const server = rawServer("modern", ({ reply }) => {
      calls += 1
      reply({ resultType: "input_required", inputRequests: form })
    })
    const connect = () => {
      const transport = server.connect()
      const send = transport.send.bind(transport)
      transport.send = async (message, options) => {
        // As when nothing listens any more: by itself, proof that the request was not taken.
        if ("method" in message && message.method === "tools/call" && calls > 0) throw refused
        return send(message, options)
      }
      return transport
    }
    const refused = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" })
    await using host = await hostOf({ ...server, connect }, { onElicit: blue })
    // An execution: a rejection would say that the server was not called at all.
    expect(await host.run({})).toMatchObject({ status: "error" })
    expect(calls).toBe(1)
  })
})
