import { createMooring } from "@mooring/core"
import * as Schema from "effect/Schema"
import { monitorEventLoopDelay } from "node:perf_hooks"
import { answerParent } from "../../processes/answerParent.ts"
import { quantile } from "../../sampling/statistics.ts"
import type { HeavyOutcome } from "./HeavyCase.ts"

// A host in a process of its own, so that its memory and its event loop are nobody else's.

const alice = { organizationId: "acme", userId: "alice" }
const mooring = createMooring({
  actor: "single-user",
  logLevel: "None",
  egress: { allowRanges: ["127.0.0.0/8"] },
  // An event stream that never ends is ended by them; by default a run has 55 s.
  limits: { runTimeoutMs: 5_000, listTimeoutMs: 10_000, createWaitMs: 1 },
})
await mooring.ready

const Question = Schema.Struct({ does: Schema.Literals(["idle", "list", "run"]), url: Schema.String })
const decodeQuestion = Schema.decodeUnknownSync(Question)
type Answer = Pick<HeavyOutcome, "answer" | "isBounded">

let servers = 0
const register = async (serverUrl: string): Promise<string> => {
  const config = {
    type: "streamable_http",
    serverUrl,
    authHeader: null,
    authToken: null,
    customHeaders: null,
  } as const
  const { id } = await mooring.servers.create(alice, { name: `server ${(servers += 1)}`, config })
  return id
}

/** Refused, or with less than was sent. */
const list = async (url: string): Promise<Answer> => {
  const id = await register(url)
  try {
    await mooring.tools.refresh(alice, id)
  } catch (error) {
    return { answer: error instanceof Error ? error.message : String(error), isBounded: true }
  }
  const tools = await mooring.tools.list(alice, id)
  const isInvalid = tools.some(({ schemaHealth }) => schemaHealth.status === "INVALID")
  return {
    answer: `${tools.length} tools${isInvalid ? ", one without its schema" : ""}`,
    isBounded: isInvalid || tools.length <= 10_000,
  }
}

const run = async (url: string): Promise<Answer> => {
  const id = await register(url)
  await mooring.tools.refresh(alice, id)
  const tool = (await mooring.tools.list(alice, id)).find(({ definition }) => definition.name === "call")
  const { status, text, truncated } = await mooring.tools.run(alice, id, tool?.id ?? "none")
  return {
    answer: `${status}${truncated ? ", truncated" : ""}: ${text.slice(0, 120)}`,
    isBounded: status === "error" || truncated,
  }
}

const idle = async (): Promise<Answer> => {
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  return { answer: "", isBounded: true }
}

const tickMillis = 5

/**
 * What the thread works from one turn of a timer to the next: the part of the delay that is our own doing. On a machine
 * that is busy with others the delay itself says little.
 */
const watchWork = () => {
  const works: Array<number> = []
  const used = () => {
    const { system, user } = process.threadCpuUsage()
    return (user + system) / 1000
  }
  let before = used()
  const timer = setInterval(() => {
    const now = used()
    works.push(now - before)
    before = now
  }, tickMillis)
  return {
    percentile99: () => {
      clearInterval(timer)
      return quantile([...works, used() - before], 0.99)
    },
  }
}

const collect = () => {
  if (globalThis.gc === undefined) throw new Error("This process needs --expose-gc")
  globalThis.gc()
}

answerParent(async (question): Promise<HeavyOutcome> => {
  const { does, url } = decodeQuestion(question)
  collect()
  const before = process.memoryUsage.rss()
  let most = before
  const sampler = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss())
  }, 2)
  const delay = monitorEventLoopDelay({ resolution: tickMillis })
  delay.enable()
  const work = watchWork()
  const begun = performance.now()
  const answer = await (does === "idle" ? idle() : does === "list" ? list(url) : run(url))
  const millis = performance.now() - begun
  delay.disable()
  const workMs = work.percentile99()
  clearInterval(sampler)
  most = Math.max(most, process.memoryUsage.rss())
  return {
    ...answer,
    grownMiB: (most - before) / 2 ** 20,
    delayMs: delay.percentile(99) / 1e6,
    workMs,
    millis,
  }
})
