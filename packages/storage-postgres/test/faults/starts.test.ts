import { spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { describe, expect, onTestFinished, test } from "vitest"
import { databases } from "./databases.ts"

const startProcess = (location: string) => {
  const script = fileURLToPath(new URL("starterProcess.ts", import.meta.url))
  const child = spawn(process.execPath, ["--conditions=@mooring/source", "--no-warnings", script, location])
  onTestFinished(() => void child.kill("SIGKILL"))
  let complaint = ""
  child.stderr.on("data", (text) => (complaint += String(text)))
  const exit = once(child, "exit")
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    nextLine: async () => (await lines.next()).value,
    go: () => child.stdin.write("go\n"),
    /** How it exited, and what it complained about. */
    end: async () => ({ exit: await exit, complaint }),
  }
}

describe.each(databases)("ten processes start at once on an empty database, %s", (_, open) => {
  test("and all become ready, the tables being made once", async () => {
    await using database = await open()
    const processes = Array.from({ length: 10 }, () => startProcess(database.location))
    for (const { nextLine } of processes) expect(await nextLine()).toBe("loaded")

    for (const { go } of processes) go()
    const ready = await Promise.all(processes.map(({ nextLine }) => nextLine()))
    const ends = await Promise.all(processes.map(({ end }) => end()))
    expect(ends).toStrictEqual(ends.map(() => ({ exit: [0, null], complaint: "" })))
    expect(ready).toStrictEqual(ready.map(() => "ready []"))
    const steps = await database.query("select migration_id from mooring_migrations order by migration_id")
    expect(steps.length).toBeGreaterThan(0)
    expect(steps).toStrictEqual(steps.map((_, index) => ({ migration_id: index + 1 })))
  })
})
