import { once } from "node:events"
import { createServer, type RequestListener, type Server } from "node:http"
import { fail } from "./fail.ts"
import { onlyByName } from "./onlyByName.ts"
import type { Settings } from "./Settings.ts"

/** A port of the loopback that is the host's own, before there is an application that answers there. */
export interface ListeningPort {
  /** `http://127.0.0.1:8283` */
  readonly url: string
  /** Where users reach the host: as `PUBLIC_URL` says, or else on this machine. */
  readonly publicUrl: string
  readonly server: Server
  /** Who was there before the application is answered by it now. */
  readonly answerBy: (app: RequestListener) => void
}

/** Takes the port of the settings. It comes first, as an application has to know where its users reach it. */
export const listen = async ({
  port,
  publicUrl,
}: Pick<Settings, "port" | "publicUrl">): Promise<ListeningPort> => {
  const { promise: app, resolve: answerBy } = Promise.withResolvers<RequestListener>()
  const publicName = publicUrl === undefined ? [] : [new URL(publicUrl).hostname]
  const server = createServer(
    onlyByName(["127.0.0.1", "localhost", "[::1]", ...publicName], (request, response) => {
      void app.then((answer) => answer(request, response))
    }),
  )
  server.listen(port, "127.0.0.1")
  await once(server, "listening").catch((error: unknown) => fail(whyNotListening(error, port)))

  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : port}`
  return { url, publicUrl: publicUrl ?? url, server, answerBy }
}

const whyNotListening = (error: unknown, port: number): string => {
  const code = error instanceof Error && "code" in error ? error.code : undefined
  if (code === "EADDRINUSE") {
    return `Port ${port} is taken by another program. Choose another one by PORT, or PORT=0 for any that is free.`
  }
  if (code === "EACCES") return `Port ${port} is not for everybody to take. Choose one above 1023 by PORT.`
  return `The host cannot listen on port ${port}: ${String(error)}`
}
