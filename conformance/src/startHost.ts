import { toNodeHandler } from "@mooring/adapter-node"
import { createMooring } from "@mooring/core"
import { once } from "node:events"
import { createServer } from "node:http"
import type { Setup } from "./setUp.ts"

/** Mooring as an application has it: mounted on a socket, and asked over HTTP. */
export interface Host extends AsyncDisposable {
  readonly url: string
}

/** Listens first: users are sent back to the port that the system gives. */
export const startHost = async (options: Setup["host"]): Promise<Host> => {
  const server = createServer()
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("The host has no port.")
  const url = `http://127.0.0.1:${address.port}`

  const mooring = createMooring({
    actor: "single-user",
    publicUrl: url,
    // The suite's servers are on this machine, by plain HTTP.
    egress: { allowHttp: true, allowRanges: ["127.0.0.0/8", "::1/128"] },
    ...options,
    // A user who leaves every field as the form has it.
    onElicit: async () => ({ action: "accept", content: {} }),
  })
  server.on("request", toNodeHandler(mooring))
  await mooring.ready

  return {
    url,
    [Symbol.asyncDispose]: async () => {
      server.close()
      await mooring.close()
      server.closeAllConnections()
    },
  }
}
