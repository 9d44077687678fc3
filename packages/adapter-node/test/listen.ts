import { once } from "node:events"
import type { Server } from "node:http"
import type { Http2Server } from "node:http2"
import type { Socket } from "node:net"

/** A server on a free port of the loopback, closed with all its connections at the end of the scope. */
export const listen = async (server: Server | Http2Server) => {
  const sockets = new Set<Socket>()
  server.on("connection", (socket: Socket) => {
    sockets.add(socket)
    socket.once("close", () => sockets.delete(socket))
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("not listening on a port")
  return {
    port: address.port,
    origin: `http://127.0.0.1:${address.port}`,
    sockets,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, "close")
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
