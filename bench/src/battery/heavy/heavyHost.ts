import { createMooring } from "@mooring/core"
import * as Schema from "effect/Schema"
import { monitorEventLoopDelay } from "node:perf_hooks"
import { answerParent } from "../../processes/answerParent.ts"
import { quantile } from "../../sampling/statistics.ts"
import type { HeavyOutcome } from "./HeavyCase.ts"
import { hostOptions, type TakenAnswer, takeAnswers } from "./takeAnswers.ts"

// A host in a process of its own, so that its memory and its event loop are nobody else's.

const mooring = createMooring(hostOptions)
await mooring.ready

const Question = Schema.Struct({ does: Schema.Literals(["idle", "list", "run"]), url: Schema.String })
const decodeQuestion = Schema.decodeUnknownSync(Question)
const { list, run } = takeAnswers(mooring)

const idle = async (): Promise<TakenAnswer> => {
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
