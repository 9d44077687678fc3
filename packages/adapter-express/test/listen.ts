import type { Express } from "express"
import { once } from "node:events"
import { createServer } from "node:http"

/** An application on a free port of the loopback, closed with all its connections at the end of the scope. */
export const listen = async (app: Express) => {
  const server = createServer(app)
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("not listening on a port")
  return {
    origin: `http://127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, "close")
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
