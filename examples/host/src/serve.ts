import { once } from "node:events"
import { createServer, type RequestListener } from "node:http"
import { fail } from "./fail.ts"
import { onlyByName } from "./onlyByName.ts"
import type { Settings } from "./Settings.ts"

/** A host that listens until it is told to stop. */
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

/** Listens on the loopback, says where, and stops cleanly when the process is asked to end. */
export const serve = async (
  app: RequestListener,
  { port, publicUrl }: Pick<Settings, "port" | "publicUrl">,
): Promise<RunningHost> => {
  const publicName = publicUrl === undefined ? [] : [new URL(publicUrl).hostname]
  const server = createServer(onlyByName(["127.0.0.1", "localhost", "[::1]", ...publicName], app))
  server.listen(port, "127.0.0.1")
  await once(server, "listening").catch((error: unknown) => fail(whyNotListening(error, port)))

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

  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : port}`
  console.log(`listening on ${url}`)
  return {
    url,
    stopping: stopping.signal,
    onStop: (close) => void closings.push(close),
    stop: stopOnce,
  }
}

const whyNotListening = (error: unknown, port: number): string => {
  const code = error instanceof Error && "code" in error ? error.code : undefined
  if (code === "EADDRINUSE") {
    return `Port ${port} is taken by another program. Choose another one by PORT, or PORT=0 for any that is free.`
  }
  if (code === "EACCES") return `Port ${port} is not for everybody to take. Choose one above 1023 by PORT.`
  return `The host cannot listen on port ${port}: ${String(error)}`
}
