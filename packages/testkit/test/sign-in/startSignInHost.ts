import { createMooring, type Mooring, type MooringOptions } from "@mooring/core"
import { once } from "node:events"
import { createServer } from "node:http"
import { type NodeHandler, toNodeHandler } from "../../../adapter-node/src/index.ts"
import { SignInUser } from "./SignInUser.ts"

/** A host on a socket of its own, to which browsers can be sent back. */
export interface SignInHost extends AsyncDisposable {
  readonly origin: string
  readonly mooring: Mooring
  /** Somebody who is signed in to the host. Default: of the organization `one`. */
  readonly as: (name: string, organization?: string) => SignInUser
  /** Calling it again does nothing. */
  readonly close: () => Promise<void>
}

/** A host that listens, and whose options are not known yet. */
export interface ListeningHost extends AsyncDisposable {
  readonly origin: string
  readonly start: (options?: Partial<MooringOptions>) => Promise<SignInHost>
}

/** Listens first: the public URL is an option, and clients are registered beforehand with what follows from it. */
export const listenForHost = async (): Promise<ListeningHost> => {
  let handler: NodeHandler | undefined
  const server = createServer((request, response) => handler?.(request, response))
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("The host has no port")
  const origin = `http://127.0.0.1:${address.port}`
  const opened: Array<Mooring> = []

  const close = async () => {
    await Promise.all(opened.splice(0).map((mooring) => mooring.close()))
    server.close()
    server.closeAllConnections()
  }
  return {
    origin,
    start: async (options = {}) => {
      const mooring = createMooring({
        // Whoever comes without a header is unknown, as a browser is that comes back from an authorization server.
        actor: (request) => {
          const bearer = /^Bearer (.+)\/(.+)$/.exec(request.headers.get("authorization") ?? "")
          const [, organizationId = "", userId = ""] = bearer ?? []
          return bearer === null ? undefined : { organizationId, userId }
        },
        egress: { allowRanges: ["127.0.0.0/8"] },
        logLevel: "None",
        publicUrl: origin,
        ...options,
      })
      opened.push(mooring)
      handler = toNodeHandler(mooring)
      await mooring.ready
      return {
        origin,
        mooring,
        as: (name, organization = "one") => new SignInUser(origin, organization, name),
        close,
        [Symbol.asyncDispose]: close,
      }
    },
    [Symbol.asyncDispose]: close,
  }
}

/** A host with the socket's origin as its public URL. */
export const startSignInHost = async (options: Partial<MooringOptions> = {}): Promise<SignInHost> =>
  (await listenForHost()).start(options)
