import { randomInt } from "node:crypto"
import { createServer } from "node:net"

const isFree = (port: number) =>
  new Promise<boolean>((resolve) => {
    const server = createServer()
    server.once("error", () => resolve(false))
    server.listen({ port, host: "127.0.0.1" }, () => server.close(() => resolve(true)))
  })

/**
 * A port on 127.0.0.1 below those that systems give to outgoing connections and to port 0 (from 32768 on Linux), so
 * that a server which is stopped for a moment finds its port free again.
 */
export const freePort = async (): Promise<number> => {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = randomInt(15_000, 32_000)
    if (await isFree(port)) return port
  }
  throw new Error("Found no free port on 127.0.0.1 between 15000 and 32000")
}
