import { spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { seededRandom, type SeededRandom } from "./seededRandom.ts"
import { isAsWritten, type State, type Write, type WriterLine } from "./writes.ts"

/** A database that a writer is killed on, again and again. */
export interface KilledDatabase {
  /** The script that runs the writer; it is given these arguments, and a seed. */
  readonly script: URL
  readonly args: ReadonlyArray<string>
  /** Opens what the writer left, looks at all of it, and gives what it has found. */
  readonly inspect: () => Promise<State>
}

/** How the runs went: a test that never met a write would prove nothing. */
export interface KillCounts {
  runs: number
  /** Killed before the stores were open. */
  starting: number
  acknowledged: number
  /** Writes that the kill met, by what became of them. */
  pendingDone: number
  pendingUndone: number
}

export const noKills = (): KillCounts => ({
  runs: 0,
  starting: 0,
  acknowledged: 0,
  pendingDone: 0,
  pendingUndone: 0,
})

/** Starts a writer, kills it at a random point, and looks at what it has left: as often as said, on one database. */
export const killRuns = async (
  database: KilledDatabase,
  { counts, runs, seed }: { readonly runs: number; readonly seed: number; readonly counts: KillCounts },
): Promise<void> => {
  const random = seededRandom(seed)
  let state: State = new Map()
  for (let run = 0; run < runs; run++) {
    const lines = await runUntilKilled(database, random, run === 0)
    const found = await database.inspect()
    state = judge(state, lines, found, counts)
  }
}

const runUntilKilled = async (
  { args, script }: KilledDatabase,
  random: SeededRandom,
  isFirst: boolean,
): Promise<ReadonlyArray<WriterLine>> => {
  const child = spawn(
    process.execPath,
    [
      "--conditions=@mooring/source",
      "--no-warnings",
      script.pathname,
      ...args,
      String(random.integer(1, 2 ** 30)),
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  )
  const { delayMs, isTime } = chooseKill(random, isFirst)

  let complaint = ""
  child.stderr.on("data", (text) => (complaint += String(text)))
  const ended = once(child, "close")
  const lines: Array<WriterLine> = []
  for await (const line of createInterface({ input: child.stdout })) {
    const said: WriterLine = JSON.parse(line)
    lines.push(said)
    if (isTime(said)) setTimeout(() => child.kill("SIGKILL"), delayMs)
  }
  const [, signal]: Array<unknown> = await ended
  if (signal !== "SIGKILL" || complaint !== "") {
    throw new Error(
      `The writer ended by itself, or complained: ${complaint}\n${JSON.stringify(lines.slice(-4))}`,
    )
  }
  return lines
}

/**
 * A moment of a writer's life: a little after it has begun to open the stores, as each first run in which the tables are
 * made, or to write. What the little is decides which part of a write is met.
 */
const chooseKill = (random: SeededRandom, isFirst: boolean) => {
  if (isFirst || random.integer(1, 6) === 1) {
    return { delayMs: random.integer(0, 60), isTime: ({ says }: WriterLine) => says === "opening" }
  }
  const kind: Write["kind"] = random.pick([
    "replaceTools",
    "replaceTools",
    "replaceTools",
    "update",
    "remove",
  ])
  let countdown = random.integer(1, kind === "replaceTools" ? 20 : 5)
  return {
    delayMs: random.integer(0, 25),
    isTime: (line: WriterLine) => line.says === "begins" && line.write.kind === kind && --countdown === 0,
  }
}

/** Compares what was found with what the writer has said; gives what the next run begins with. */
const judge = (before: State, lines: ReadonlyArray<WriterLine>, found: State, counts: KillCounts): State => {
  const expected = new Map(before)
  const pending = new Map<string, Write>()
  for (const line of lines) {
    if (line.says === "begins") pending.set(line.write.name, line.write)
    if (line.says !== "done") continue
    const { name, to } = line.write
    pending.delete(name)
    if (to === null) expected.delete(name)
    else expected.set(name, to)
    counts.acknowledged += 1
  }
  counts.runs += 1
  if (!lines.some(({ says }) => says === "open")) counts.starting += 1

  for (const name of new Set([...expected.keys(), ...found.keys(), ...pending.keys()])) {
    const was = { name, to: expected.get(name) ?? null }
    const write = pending.get(name)
    if (write !== undefined && isAsWritten(found, write)) counts.pendingDone += 1
    else if (isAsWritten(found, was)) counts.pendingUndone += write === undefined ? 0 : 1
    else {
      const there = JSON.stringify(found.get(name) ?? null)
      throw new Error(
        `Of ${name} there is ${there}; acknowledged was ${JSON.stringify(was.to)}, begun ${JSON.stringify(write ?? null)}`,
      )
    }
  }
  return found
}
