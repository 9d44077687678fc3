// What each thread of localKey.test.ts does: it asks for the key of many folders, at the same time as the others.
import { parentPort, workerData } from "node:worker_threads"
import { localKey } from "../src/localKey.ts"

/** What a thread is started with. */
export interface LocalKeyWork {
  readonly threads: number
  readonly files: ReadonlyArray<string>
  /** For each of the files, how many threads have come to it, and whether they may go on. */
  readonly arrived: Int32Array<SharedArrayBuffer>
  readonly open: Int32Array<SharedArrayBuffer>
}

const { arrived, files, open, threads }: LocalKeyWork = workerData
const keys = files.map((file, round) => {
  if (Atomics.add(arrived, round, 1) === threads - 1) {
    Atomics.store(open, round, 1)
    Atomics.notify(open, round)
  }
  Atomics.wait(open, round, 0)
  return localKey(file)
})
parentPort?.postMessage(keys, [])
