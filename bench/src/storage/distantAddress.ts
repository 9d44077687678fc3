import { once } from "node:events"
import { Worker } from "node:worker_threads"
import type { BenchContext } from "../Bench.ts"

/**
 * Another address of a server on this machine, as if it were on another one: what it answers arrives a millisecond
 * later, or a little more, which is how exact timers are.
 */
export const distantAddress = async ({ resources }: BenchContext, url: string): Promise<string> => {
  const { hostname, port } = new URL(url)
  // In a thread of its own: what is measured here must not hold up the answers.
  const worker = new Worker(new URL("distantAddressWorker.ts", import.meta.url), {
    workerData: { host: hostname, port: Number(port) },
  })
  resources.defer(async () => void (await worker.terminate()))
  const [listeningAt]: Array<unknown> = await once(worker, "message")
  const distant = new URL(url)
  distant.port = String(listeningAt)
  return distant.href
}
