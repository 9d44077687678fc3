import * as Schema from "effect/Schema"
import { setTimeout as delay } from "node:timers/promises"
import { startProcess } from "../processes/startProcess.ts"
import { table } from "../report/table.ts"
import { judgeSamples } from "./judgeSamples.ts"
import { startSoakHost } from "./SoakHost.ts"
import { type SoakSample, takeSample } from "./SoakSample.ts"
import { soakUsers } from "./soakUsers.ts"
import { SoakCounts, useHost } from "./useHost.ts"

// pnpm soak [minutes]: users, servers of every kind, and faults, for an hour unless told otherwise. Every now and then
// everybody pauses until no session is left, and what this process then still holds is written down. It ends with 1
// where that grows.

const minutes = Number(process.argv[2] ?? 60)
const busyMillis = 20_000
/** Sessions end after one second, and kept connections after five. */
const quietMillis = 7_000
const faultMillis = 2_000

const resources = new AsyncDisposableStack()
const world = await startProcess({ resources }, new URL("soakServers.ts", import.meta.url), [])
const World = Schema.Struct({
  servers: Schema.Array(Schema.Struct({ kind: Schema.String, url: Schema.String })),
  guarded: Schema.String,
})
const { guarded: guardedUrl, servers: remotes } = Schema.decodeUnknownSync(World)(
  await world.ask({ action: "list" }),
)
const host = await startSoakHost()
const servers = [
  ...(await Promise.all(remotes.map(({ kind, url }) => host.register(kind, url)))),
  await host.register("stdio", undefined),
  await host.register("stdio", undefined),
]
const guarded = await host.register("guarded", guardedUrl)

const counts = new SoakCounts()
const samples: Array<SoakSample> = []
const startedAt = performance.now()

const harm = async (until: number) => {
  for (let fault = 0; ; fault += 1) {
    await delay(faultMillis)
    if (performance.now() > until) return
    const action = fault % 2 === 0 ? "restart" : "change"
    await world.ask({ action, at: Math.floor(Math.random() * remotes.length) })
    counts.count(action === "restart" ? "servers restarted" : "tools changed", true)
  }
}

while (performance.now() - startedAt < minutes * 60_000) {
  const until = performance.now() + busyMillis
  await Promise.all([
    harm(until),
    ...soakUsers.map((user) => useHost(host, servers, guarded, user, until, counts)),
  ])
  await delay(quietMillis)
  const sample = await takeSample(startedAt)
  samples.push(sample)
  process.stdout.write(
    `${sample.minutes.toFixed(1)} min: heap ${sample.heap.toFixed(1)} MiB, resident ${sample.resident.toFixed(0)} MiB, ${sample.resources} resources, ${sample.files ?? "?"} files, ${sample.children ?? "?"} children\n`,
  )
}

const judgements = judgeSamples(samples)
const number = (value: number) => value.toFixed(Number.isInteger(value) ? 0 : 2)
process.stdout.write(
  `\n${table(
    ["", "done", "failed"],
    [...new Set([...counts.done.keys(), ...counts.failed.keys()])].map((what) => [
      what,
      String(counts.done.get(what) ?? 0),
      String(counts.failed.get(what) ?? 0),
    ]),
  )}\n\n${table(
    ["", "at first", "in the end", "in an hour", ""],
    judgements.map(({ from, isFlat, slope, to, what }) => [
      what,
      number(from),
      number(to),
      number(slope),
      isFlat ? "✓" : "✗",
    ]),
  )}\n`,
)

await host.close()
await resources.disposeAsync()
process.exitCode = judgements.every(({ isFlat }) => isFlat) ? 0 : 1
