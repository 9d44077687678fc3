import {
  type JSONRPCMessage,
  PROTOCOL_VERSION_META_KEY,
  type ReconnectionScheduler,
  StreamableHTTPClientTransport,
  type StreamableHTTPClientTransportOptions,
} from "@modelcontextprotocol/client"
import { createParser } from "eventsource-parser"
import { type Answer, headerOf, toResponse } from "../security/egress/Answer.ts"
import { isConnectionHeader } from "../security/egress/OutgoingRequest.ts"
import type { Send } from "../security/egress/guardedFetch.ts"
import { isMessage } from "./isMessage.ts"
import { nextTurn } from "./nextTurn.ts"
import { answerHeader, type ObservedFetch } from "./ObservedFetch.ts"

/** How tool calls are sent past the client's own `fetch`. */
export interface LeanCalls {
  readonly send: Send
  /** The client's own `fetch`. */
  readonly observed: ObservedFetch
  /** The access token, asked for before every call. Default: none. */
  readonly token?: () => Promise<string | undefined>
}

type SendOptions = Parameters<StreamableHTTPClientTransport["send"]>[1]

/**
 * The client's transport, which sends a tool call in less time: the request is written as it goes on the wire, and the
 * plain answers, a JSON body and an event stream, are read without a `Response` and web streams. Whatever else comes
 * back is handed to the client as the answer to its own request, which knows what is to be done about it.
 */
export class StreamableHttpTransport extends StreamableHTTPClientTransport {
  readonly #lean: LeanCalls | undefined
  readonly #headers: ReadonlyArray<string>
  readonly #schedule: ReconnectionScheduler

  /** @param lean undefined where each request has to be signed. */
  constructor(
    url: URL,
    options: StreamableHTTPClientTransportOptions & { readonly reconnectionScheduler: ReconnectionScheduler },
    headers: Readonly<Record<string, string>>,
    lean: LeanCalls | undefined,
  ) {
    super(url, { ...options, requestInit: { headers } })
    this.#schedule = options.reconnectionScheduler
    const own = new Headers(headers)
    // The client knows which of two wins.
    this.#lean = [...own.keys()].some(isSetByClient) ? undefined : lean
    own.set("accept", [own.get("accept"), "application/json", "text/event-stream"].filter(Boolean).join(", "))
    own.set("content-type", "application/json")
    if (!own.has("accept-encoding")) own.set("accept-encoding", "br, gzip, deflate")
    if (!own.has("user-agent")) own.set("user-agent", "mooring")
    this.#headers = [...own].filter(([name]) => !isConnectionHeader(name)).flat()
  }

  override send(message: JSONRPCMessage | Array<JSONRPCMessage>, options?: SendOptions): Promise<void> {
    const headers = this.#lean === undefined ? undefined : this.#callHeaders(message, options)
    if (this.#lean === undefined || headers === undefined || Array.isArray(message)) {
      return super.send(message, options)
    }
    return this.#sendCall(this.#lean, message, headers, options)
  }

  /** Of a call that can be sent this way; undefined for all else. */
  #callHeaders(
    message: JSONRPCMessage | Array<JSONRPCMessage>,
    options: SendOptions,
  ): Array<string> | undefined {
    if (Array.isArray(message) || !("method" in message) || message.method !== "tools/call") return undefined
    if (options?.headers !== undefined || options?.resumptionToken !== undefined) return undefined
    const headers = [...this.#headers]
    const { sessionId } = this
    if (sessionId !== undefined) headers.push("mcp-session-id", sessionId)
    const version = message.params?._meta?.[PROTOCOL_VERSION_META_KEY]
    if (typeof version !== "string") {
      if (this.protocolVersion !== undefined) headers.push("mcp-protocol-version", this.protocolVersion)
      return headers
    }
    // MCP 2026-07-28, basic/transports/streamable-http, standard request headers. Other names have to be encoded.
    const name = message.params?.["name"]
    if (typeof name !== "string" || !plainHeaderValue.test(name)) return undefined
    headers.push("mcp-protocol-version", version, "mcp-method", message.method, "mcp-name", name)
    return headers
  }

  async #sendCall(
    { observed, send, token: tokenOf }: LeanCalls,
    message: JSONRPCMessage,
    headers: Array<string>,
    options: NonNullable<SendOptions> = {},
  ): Promise<void> {
    const token = tokenOf === undefined ? undefined : await tokenOf()
    if (token !== undefined) headers.push("authorization", `Bearer ${token}`)
    const signal = options.requestSignal ?? null
    const body = JSON.stringify(message)
    const asking = send({ method: "POST", headers, body, signal, wantsEvents: true })
    const handOver = (answer: Promise<Response>) =>
      super.send(message, { ...options, headers: { [answerHeader]: observed.prepare(answer, token) } })
    let answer: Answer
    try {
      answer = await asking
    } catch {
      return handOver(asking.then(toResponse))
    }
    if (answer.head.status === 200 && answer.type === "events") return this.#follow(answer.events, signal)
    const messages = answer.head.status === 200 ? messagesOf(answer) : undefined
    if (messages === undefined) return handOver(asking.then(toResponse))
    for (const one of messages) this.onmessage?.(one)
  }

  /** Resolves at the end of the stream, and rejects where it can't bring the answer any more. */
  async #follow(events: ReadableStream<Uint8Array>, signal: AbortSignal | null): Promise<void> {
    let lastEventId: string | undefined
    let retryMs = defaultRetryMs
    let isAnswered = false
    const parser = createParser({
      onEvent: ({ data, event = "message", id }) => {
        if (id !== undefined && id !== "") lastEventId = id
        if (data === "" || event !== "message") return
        const message = parseMessage(data)
        if (message === undefined) {
          this.onerror?.(new Error("The event stream has an event that is not a message of MCP."))
          return
        }
        isAnswered ||= !("method" in message)
        this.onmessage?.(message)
      },
      onRetry: (millis) => {
        retryMs = millis
      },
    })
    const decoder = new TextDecoder()
    const reader = events.getReader()
    let bytes = 0
    try {
      for (;;) {
        const { done, value } = await reader.read()
        if (done) break
        parser.feed(decoder.decode(value, { stream: true }))
        bytes += value.byteLength
        if (bytes < bytesInOneTurn) continue
        bytes = 0
        await nextTurn()
      }
    } catch (error) {
      if (isAnswered || signal?.aborted === true) return
      if (lastEventId === undefined) throw error
    }
    if (isAnswered || signal?.aborted === true) return
    if (lastEventId === undefined) throw new Error("The event stream ended without the answer.")
    // MCP 2025-11-25, basic/transports, resumability: the rest of it comes by another stream.
    await new Promise<void>((resolve, reject) => {
      const resume = () => super.resumeStream(lastEventId ?? "").then(resolve, reject)
      this.#schedule(resume, retryMs, 0)
    })
  }
}

/** What is there is read without a pause: a server that has much to say must not have the process to itself. */
const bytesInOneTurn = 16 * 1024

/** As long as the client waits where the server says nothing. */
const defaultRetryMs = 1_000

/** RFC 9110, section 5.5, without spaces at its ends; the client marks what it had to encode by this beginning. */
const plainHeaderValue = /^(?!=\?)[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/

const isSetByClient = (name: string): boolean => name === "authorization" || name.startsWith("mcp-")

/** The messages of a JSON body; undefined where it is none, or holds something else. */
const messagesOf = (answer: Answer): ReadonlyArray<JSONRPCMessage> | undefined => {
  if (answer.type !== "complete" || answer.bytes === null) return undefined
  if (!jsonMediaType.test(headerOf(answer.head, "content-type") ?? "")) return undefined
  const { buffer, byteLength, byteOffset } = answer.bytes
  const data = parse(Buffer.from(buffer, byteOffset, byteLength).toString("utf8"))
  const messages: ReadonlyArray<unknown> = Array.isArray(data) ? data : [data]
  return messages.every(isMessage) ? messages : undefined
}

const jsonMediaType = /^application\/json *(?:;|$)/i

const parseMessage = (text: string): JSONRPCMessage | undefined => {
  const data = parse(text)
  return isMessage(data) ? data : undefined
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
