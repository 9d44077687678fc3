import { once } from "node:events"
import type { RequestListener } from "node:http"
import type { ListeningPort } from "./listen.ts"

/** A host that answers until it is told to stop. */
export interface RunningHost {
  /** `http://127.0.0.1:8283` */
  readonly url: string
  /** Aborted when the host begins to stop. */
  readonly stopping: AbortSignal
  /** Has something closed on the way down, after the server takes no new request and after what was named before. */
  readonly onStop: (close: () => Promise<void>) => void
  /** Stops as SIGINT and SIGTERM do. The process then has nothing left to do, and ends by itself. */
  readonly stop: () => Promise<void>
}

/** Has an application answer, says where, and stops cleanly when the process is asked to end. */
export const serve = (app: RequestListener, { answerBy, server, url }: ListeningPort): RunningHost => {
  const stopping = new AbortController()
  const closings: Array<() => Promise<void>> = []
  const stop = async () => {
    stopping.abort()
    const closed = once(server, "close")
    // Takes no new connection and drops the idle ones; without that, a client's keep-alive would hold the process.
    server.close()
    for (const close of closings) await close()
    // What is still open by now are connections whose client does not read or does not end its request.
    server.closeAllConnections()
    await closed
  }
  let stopped: Promise<void> | undefined
  const stopOnce = () => (stopped ??= stop())
  // Not `once`: with Ctrl-C the signal may come twice, from the terminal and from the package manager in between.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void stopOnce())

  answerBy(app)
  console.log(`listening on ${url}`)
  return { url, stopping: stopping.signal, onStop: (close) => void closings.push(close), stop: stopOnce }
}
