import { setImmediate } from "node:timers/promises"
import {
  type AuditRecord,
  AuditStore,
  createMooring,
  layerMemoryStores,
  McpServerStore,
  type MooringOptions,
  StoreError,
  Transports,
} from "@mooring/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { expect, test, vi } from "vitest"
import { inProcessServer } from "../../src/index.ts"
import { remote } from "./askingHost.ts"
import { alice, bob } from "./hostWithServer.ts"

// What is recorded of acts and runs, and what becomes of it where the store of the audit fails.

const url = "https://watched.test/mcp"

/** A store of the audit that can fail or hang, and what it was told. */
const watchedStore = () => {
  const told: Array<AuditRecord> = []
  const attempts: Array<number> = []
  const state: { fault: "fails" | "dies" | "hangs" | undefined } = { fault: undefined }
  const layer = Layer.succeed(
    AuditStore,
    AuditStore.of({
      append: (records) =>
        Effect.suspend(() => {
          attempts.push(records.length)
          if (state.fault === "hangs") return Effect.never
          if (state.fault === "dies") return Effect.die("a defect")
          if (state.fault === "fails") {
            return Effect.fail(new StoreError({ operation: "AuditStore.append", cause: "down" }))
          }
          told.push(...records)
          return Effect.void
        }),
      list: () => Effect.sync(() => told.toReversed()),
    }),
  )
  return { told, attempts, state, layer, actions: () => told.map(({ act }) => act.action) }
}

const hostOf = async (
  upstream: ReturnType<typeof inProcessServer>,
  options: Partial<MooringOptions> = {},
  store = watchedStore(),
) => {
  const mooring = createMooring({
    actor: "single-user",
    stores: Layer.mergeAll(layerMemoryStores, store.layer),
    transports: Transports.layerMemory({ [url]: upstream.connect }),
    logLevel: "None",
    ...options,
  })
  const { id } = await mooring.servers.create(alice, { name: "watched", config: remote(url) })
  const tools = await mooring.tools.list(alice, id)
  const toolId = (name: string) => tools.find(({ definition }) => definition.name === name)?.id ?? ""
  const run = (name: string, args = {}, by = alice) => mooring.tools.run(by, id, toolId(name), args)
  return { mooring, id, toolId, run, store, [Symbol.asyncDispose]: () => mooring.close() }
}

test("a run asks the store nothing; runs are told of together, and what is left when the host closes", async () => {
  await using upstream = inProcessServer()
  await using host = await hostOf(upstream)
  const { mooring, run, store } = host
  const before = store.attempts.length
  await Promise.all(Array.from({ length: 50 }, () => run("echo", { text: "secret" })))
  await run("echo", { text: "secret" }, bob)
  await run("fail")
  await mooring.close()
  const runs = store.told.filter(({ act }) => act.action === "ran")
  expect(store.attempts.length - before).toBeLessThan(5)
  const count = (userId: string, outcome: string) =>
    runs.reduce(
      (sum, { act, userId: by }) =>
        sum + (act.action === "ran" && act.outcome === outcome && by === userId ? act.runs : 0),
      0,
    )
  expect([count("alice", "success"), count("bob", "success"), count("alice", "error")]).toStrictEqual([
    50, 1, 1,
  ])
  expect(JSON.stringify(store.told)).not.toContain("secret")
})

test("runs that are told of in the background need nobody who asks", async () => {
  await using upstream = inProcessServer()
  await using host = await hostOf(upstream)
  await host.run("echo", { text: "hi" })
  await vi.waitFor(() => expect(host.store.actions()).toContain("ran"), { timeout: 10_000 })
})

test("a run that is cancelled, refused or can't be made is recorded as that", async () => {
  await using upstream = inProcessServer()
  await using host = await hostOf(upstream)
  const { id, mooring, run, store, toolId } = host
  const caller = new AbortController()
  const slow = mooring.tools.run(alice, id, toolId("slow"), { ms: 60_000 }, { signal: caller.signal })
  await upstream.called("slow")
  caller.abort()
  await expect(slow).rejects.toThrow()
  for await (const event of mooring.tools.follow(alice, id, toolId("echo"), { text: "hi" })) {
    expect(event.event).toBe("result")
  }
  await mooring.servers.update(alice, id, { config: { type: "streamable_http", authToken: "{{ TOKEN }}" } })
  await expect(run("echo")).rejects.toThrow()
  await expect(
    mooring.tools.follow(alice, id, toolId("add"))[Symbol.asyncIterator]().next(),
  ).rejects.toThrow()
  await expect(mooring.tools.run(alice, id, "tool-unknown")).rejects.toThrow()
  for await (const _ of mooring.connect(bob, id)) continue
  await mooring.close()
  const outcomes = store.told.flatMap(({ act }) =>
    act.action === "ran" ? [[act.tool, act.outcome, act.runs]] : [],
  )
  expect(outcomes).toStrictEqual(
    expect.arrayContaining([
      ["slow", "cancelled", 1],
      ["echo", "success", 1],
      ["echo", "variable_missing", 1],
      ["add", "variable_missing", 1],
    ]),
  )
  expect(outcomes).toHaveLength(4)
  expect(store.told).toContainEqual(
    expect.objectContaining({ userId: "bob", act: { action: "connected", outcome: "variable_missing" } }),
  )
})

test.each(["fails", "dies"] as const)(
  "a store that %s harms no act and no run, and is told all later",
  async (fault) => {
    await using upstream = inProcessServer()
    const logged: Array<string> = []
    const errors = vi
      .spyOn(console, "error")
      .mockImplementation((...texts) => void logged.push(texts.join(" ")))
    try {
      await using host = await hostOf(upstream, { logLevel: "Error" })
      const { id, mooring, run, store } = host
      store.state.fault = fault
      await mooring.servers.update(alice, id, { name: "renamed" })
      const failed = store.attempts.length
      // It has failed just now: nobody waits for another attempt, which is made in the background alone.
      for (let index = 0; index < 20; index += 1) {
        await mooring.servers.update(alice, id, { name: `renamed ${index}` })
        expect(await run("echo", { text: "hi" })).toMatchObject({ status: "success" })
      }
      expect(store.attempts.length).toBeLessThan(failed + 10)
      expect(logged.join("\n")).toContain("Audit records could not be stored")
      expect(await mooring.servers.audit(alice, id)).not.toContainEqual(
        expect.objectContaining({ act: expect.objectContaining({ name: "renamed" }) }),
      )
      store.state.fault = undefined
      await mooring.close()
      expect(store.actions().filter((action) => action === "changed")).toHaveLength(21)
      expect(store.actions()).toContain("ran")
      expect(new Set(store.told.map(({ id }) => id)).size).toBe(store.told.length)
    } finally {
      errors.mockRestore()
    }
  },
)

test("what a store never takes is given up when the host closes, and the log says so", async () => {
  await using upstream = inProcessServer()
  const logged: Array<string> = []
  const errors = vi
    .spyOn(console, "error")
    .mockImplementation((...texts) => void logged.push(texts.join(" ")))
  try {
    const { id, mooring, run, store } = await hostOf(upstream, { logLevel: "Error" })
    await mooring.servers.audit(alice, id)
    store.state.fault = "fails"
    await run("echo", { text: "hi" })
    await mooring.close()
    expect(logged.join("\n")).toMatch(/1 audit records are lost/)
  } finally {
    errors.mockRestore()
  }
})

/** A store that takes its time to say what it has done. */
const slowServers = (done: Array<string>) =>
  Layer.effect(
    McpServerStore,
    Effect.map(McpServerStore, (real) =>
      McpServerStore.of({
        ...real,
        modify: (...change) =>
          Effect.tap(real.modify(...change), ({ name }) => {
            done.push(name)
            return Effect.promise(async () => {
              for (let turn = 0; turn < 3; turn += 1) await setImmediate()
            })
          }),
      }),
    ),
  ).pipe(Layer.provide(layerMemoryStores))

test("an act is recorded although its caller has left meanwhile", async () => {
  await using upstream = inProcessServer()
  const done: Array<string> = []
  const store = watchedStore()
  await using host = await hostOf(upstream, {
    actor: () => alice,
    stores: Layer.mergeAll(layerMemoryStores, slowServers(done), store.layer),
  })
  const { id, mooring } = host
  for (let turns = 0; turns < 20; turns += 1) {
    const caller = new AbortController()
    const request = new Request(`http://host.example/v1/mcp-servers/${id}`, {
      method: "PATCH",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ server_name: `renamed ${turns}` }),
      signal: caller.signal,
    })
    const answer = mooring.fetch(request).catch(() => undefined)
    for (let turn = 0; turn < turns; turn += 1) await setImmediate()
    caller.abort()
    await answer
  }
  await mooring.close()
  const names = store.told.flatMap(({ act }) => (act.action === "changed" ? [act.name] : []))
  expect(names).toStrictEqual(done)
  expect(names.length).toBeGreaterThan(0)
})

test.each(["acts", "off"] as const)("with the option %j less is recorded", async (audit) => {
  await using upstream = inProcessServer()
  await using host = await hostOf(upstream, { audit })
  const { id, mooring, run, store } = host
  await run("echo", { text: "hi" })
  await mooring.servers.update(alice, id, { name: "renamed" })
  expect(await mooring.servers.audit(alice, id)).toHaveLength(audit === "off" ? 0 : 3)
  await mooring.close()
  expect(store.actions()).toStrictEqual(audit === "off" ? [] : ["registered", "tools_changed", "changed"])
})

test("a server that changes ten thousand tools at once makes a small record of it", async () => {
  const many = Array.from({ length: 10_000 }, (_, index) => ({
    name: `${index}`.padStart(1_000, "x"),
    inputSchema: { type: "object" },
    handle: () => ({ content: [] }),
  }))
  await using upstream = inProcessServer({ tools: many })
  await using host = await hostOf(upstream)
  await host.mooring.servers.audit(alice, host.id)
  const [, changed] = host.store.told
  expect(changed).toMatchObject({ act: { action: "tools_changed", added: { count: 10_000 } } })
  expect(JSON.stringify(changed).length).toBeLessThan(20_000)
})
