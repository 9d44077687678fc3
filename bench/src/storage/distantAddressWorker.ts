// Passes bytes on, what comes back a millisecond later (distantAddress.ts).
import { connect, createServer } from "node:net"
import { parentPort, workerData } from "node:worker_threads"

const { host, port }: { readonly host: string; readonly port: number } = workerData

const server = createServer({ noDelay: true }, (client) => {
  const upstream = connect({ host, port, noDelay: true })
  client.pipe(upstream)
  // Timers of one duration end in the order in which they were started, so that the bytes keep theirs.
  upstream.on("data", (bytes) => setTimeout(() => client.write(bytes), 1))
  upstream.on("close", () => setTimeout(() => client.destroy(), 1))
  upstream.on("error", () => client.destroy())
  client.on("error", () => upstream.destroy())
  client.on("close", () => upstream.destroy())
})
server.listen(0, "127.0.0.1", () => {
  const address = server.address()
  parentPort?.postMessage(typeof address === "object" ? address?.port : undefined, [])
})
