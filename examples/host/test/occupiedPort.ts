import { once } from "node:events"
import { createServer, type Socket } from "node:net"

/** A port of this machine on which somebody listens, takes every connection and says nothing. */
export const occupiedPort = async () => {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => sockets.add(socket.on("error", () => {}))).listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("not listening on a port")
  return {
    port: address.port,
    [Symbol.asyncDispose]: () => {
      for (const socket of sockets) socket.destroy()
      return server[Symbol.asyncDispose]()
    },
  }
}
