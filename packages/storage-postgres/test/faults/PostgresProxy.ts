import { once } from "node:events"
import { connect, createServer, type Socket } from "node:net"
import { statementCounter } from "./statementCounter.ts"

/** Stands between a node and its database. */
export interface PostgresProxy extends AsyncDisposable {
  /** The database as it is reached through here. */
  readonly url: string
  /** How many statements were executed through here, those aside by which a listener tries its connection. */
  readonly statements: () => number
  /** From now on nothing gets through, and nobody is told: as where a router has lost its tables. */
  readonly silence: () => void
  /** What was held back gets through, and all that follows. */
  readonly resume: () => void
  /** From now on new connections are refused; those that are open stay. */
  readonly refuse: () => void
  readonly accept: () => void
}

export const postgresProxy = async (databaseUrl: string): Promise<PostgresProxy> => {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let statements = 0
  let isSilent = false
  let isRefusing = false

  const join = (from: Socket, to: Socket, see: (chunk: Buffer) => void) => {
    sockets.add(from)
    from.on("data", (chunk) => {
      see(chunk)
      to.write(chunk)
    })
    from.on("error", () => to.destroy())
    from.on("close", () => {
      sockets.delete(from)
      to.destroy()
    })
    if (isSilent) from.pause()
  }
  const server = createServer((client) => {
    if (isRefusing) return void client.destroy()
    const database = connect({ host: target.hostname, port: Number(target.port) })
    join(
      client,
      database,
      statementCounter(() => (statements += 1)),
    )
    join(database, client, () => {})
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("The proxy has no port")

  const url = new URL(databaseUrl)
  url.port = String(address.port)
  return {
    url: url.href,
    statements: () => statements,
    silence: () => {
      isSilent = true
      for (const socket of sockets) socket.pause()
    },
    resume: () => {
      isSilent = false
      for (const socket of sockets) socket.resume()
    },
    refuse: () => {
      isRefusing = true
    },
    accept: () => {
      isRefusing = false
    },
    [Symbol.asyncDispose]: async () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
