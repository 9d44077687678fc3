import { once } from "node:events"
import { mkdtemp, readdir, rm, stat } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { Worker } from "node:worker_threads"
import { expect, test } from "vitest"
import { localKey } from "../src/localKey.ts"
import type { LocalKeyWork } from "./localKeyThread.ts"

const temporaryFolder = async () => {
  const path = await mkdtemp(join(tmpdir(), "mooring-key-"))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) }
}

test("it is made once, with its folder, for the user alone, and leaves nothing beside it", async () => {
  await using folder = await temporaryFolder()
  const file = join(folder.path, ".mooring/key")
  const key = localKey(file)
  expect(key).toMatch(/^[\w-]{43}$/)
  expect(localKey(file)).toBe(key)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect((await stat(dirname(file))).mode & 0o777).toBe(0o700)
  expect(await readdir(dirname(file))).toStrictEqual(["key"])
})

test("another folder has another key", async () => {
  await using folder = await temporaryFolder()
  expect(localKey(join(folder.path, "a/key"))).not.toBe(localKey(join(folder.path, "b/key")))
})

test("all that ask for it at once get the same one, whole", async () => {
  await using folder = await temporaryFolder()
  const rounds = 50
  const work: LocalKeyWork = {
    threads: 4,
    files: Array.from({ length: rounds }, (_, round) => join(folder.path, String(round), "key")),
    arrived: new Int32Array(new SharedArrayBuffer(4 * rounds)),
    open: new Int32Array(new SharedArrayBuffer(4 * rounds)),
  }
  const answers = await Promise.all(
    Array.from({ length: work.threads }, async (): Promise<ReadonlyArray<string>> => {
      const worker = new Worker(new URL("./localKeyThread.ts", import.meta.url), { workerData: work })
      const [keys] = await once(worker, "message")
      return keys
    }),
  )
  for (const [round, file] of work.files.entries()) {
    const keys = new Set(answers.map((keys) => keys[round]))
    expect([...keys]).toStrictEqual([expect.stringMatching(/^[\w-]{43}$/)])
    expect(await readdir(dirname(file))).toStrictEqual(["key"])
  }
})
