import { once } from "node:events"
import { createServer } from "node:http"
import { createMooring, type OptionsInput } from "@mooring/core"
// By path: the testkit must not depend on what its suites are for.
import { toNodeHandler } from "../../../adapter-node/src/index.ts"
import { recordLogs } from "./recordLogs.ts"

/** What an MCP server is registered with, and no authorization server may ever see. */
export const canary = "canary-meant-for-the-mcp-server"

export interface Answer {
  readonly status: number
  readonly text: string
}

/** A host on a real socket, and every word that it said to anybody. */
export interface HostileHost extends AsyncDisposable {
  readonly request: (method: string, path: string, body?: unknown) => Promise<Answer>
  /** Begins a connect. Its events arrive in the array; the promise is of its end. */
  readonly connect: (serverUrl: string) => Promise<Attempt>
  /** Goes where an authorization server sends its user back to. */
  readonly callBack: (url: URL, accept?: string) => Promise<Answer>
  /** Everything that was answered, streamed or logged so far. */
  readonly said: () => string
}

export interface ConnectEvent {
  readonly event: string
  readonly code?: string
  readonly message?: string
  readonly url?: string
}

export interface Attempt {
  readonly events: ReadonlyArray<ConnectEvent>
  readonly ended: Promise<void>
}

/** For what hangs: nothing here may take as long, on a machine that is busy. */
export const boundMs = 15_000

export const hostileHost = async (limits: OptionsInput["limits"] = {}): Promise<HostileHost> => {
  const logs = recordLogs()
  const said: Array<string> = []
  const listener = createServer()
  listener.listen(0, "127.0.0.1")
  await once(listener, "listening")
  const address = listener.address()
  if (address === null || typeof address === "string") throw new Error("Nothing listens")
  const origin = `http://127.0.0.1:${address.port}`
  const mooring = createMooring({
    actor: "single-user",
    logLevel: "All",
    publicUrl: origin,
    egress: { allowRanges: ["127.0.0.0/8"] },
    limits: { oauthStepTimeoutMs: 1_000, connectTimeoutMs: 10_000, ...limits },
  })
  const handler = toNodeHandler(mooring)
  listener.on("request", (req, res) => void handler(req, res))

  const answerOf = async (response: Response): Promise<Answer> => {
    const text = await response.text()
    said.push(text, JSON.stringify(Object.fromEntries(response.headers)))
    return { status: response.status, text }
  }
  const send = (method: string, path: string, body?: unknown) =>
    fetch(origin + path, {
      method,
      signal: AbortSignal.timeout(boundMs),
      ...(body === undefined
        ? {}
        : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    })

  return {
    request: async (method, path, body) => answerOf(await send(method, path, body)),
    connect: async (server_url) => {
      const response = await send("POST", "/v1/tools/mcp/servers/connect", {
        server_name: "hostile",
        type: "streamable_http",
        server_url,
        custom_headers: { "x-api-key": canary },
      })
      const events: Array<ConnectEvent> = []
      const ended = readEvents(response, (line) => {
        said.push(line)
        // Ours: every frame is one JSON object with an `event`.
        events.push(JSON.parse(line) as ConnectEvent)
      })
      // Whoever waits for it sees the failure; until then it is nobody's.
      ended.catch(() => {})
      return { events, ended }
    },
    callBack: async (url, accept = "text/html") =>
      answerOf(await fetch(url, { headers: { accept }, signal: AbortSignal.timeout(boundMs) })),
    said: () => [...said, ...logs.lines].join("\n"),
    [Symbol.asyncDispose]: async () => {
      await mooring.close()
      listener.closeAllConnections()
      await new Promise((resolve) => listener.close(resolve))
      logs.stop()
    },
  }
}

const readEvents = async (response: Response, take: (line: string) => void): Promise<void> => {
  if (response.body === null) throw new Error(`No stream: ${response.status}`)
  let rest = ""
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const frames = (rest + chunk).split("\n\n")
    rest = frames.pop() ?? ""
    for (const frame of frames) take(frame.slice("data: ".length))
  }
}
