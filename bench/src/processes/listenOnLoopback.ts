import { once } from "node:events"
import type { Server } from "node:http"

/** Resolves with the port. Connections are kept: between two turns nobody may ask for long. */
export const listenOnLoopback = async (server: Server): Promise<number> => {
  server.keepAliveTimeout = 600_000
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (typeof address !== "object" || address === null) throw new Error("The server has no port")
  return address.port
}
