import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  type Client,
  type ClientCapabilities,
  type Implementation,
  type JSONRPCMessage,
  type JSONRPCNotification,
  PROTOCOL_VERSION_META_KEY,
  ProtocolError,
  SdkError,
  SdkErrorCode,
} from "@modelcontextprotocol/client"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import { InFlight } from "../InFlight.ts"

/** A result as the MCP server gave it, not looked at yet, or what stands in its way. */
export type Outcome = Result.Result<unknown, unknown>

interface Waiting {
  readonly id: number
  readonly settle: (outcome: Outcome) => void
  /** Ends the request that the call was sent by, where it has one of its own. */
  readonly request: AbortController | undefined
}

/** The client's own requests count from 0 on the same connection. A number, and one of 32 bits, is understood by all. */
const firstId = 1_000_000_000

/**
 * Sends `tools/call` over the transport of a client that has shaken hands, and finds the answers. The client's own way
 * checks each message several times over and has a signal and a timer of its own for each call, which together take
 * longer than the rest of a call.
 */
export class ToolRequests {
  readonly #client: Client
  readonly #identity: { readonly clientInfo: Implementation; readonly capabilities: ClientCapabilities }
  readonly #waiting = new InFlight<Waiting>()
  #nextId = firstId

  constructor(client: Client, clientInfo: Implementation, capabilities: ClientCapabilities) {
    this.#client = client
    this.#identity = { clientInfo, capabilities }
  }

  /**
   * @param settle is called once, unless the call is cancelled before: with a `ProtocolError` where the server refused.
   * @returns what cancels the call at the server.
   */
  send(params: Readonly<Record<string, unknown>>, settle: Waiting["settle"]): () => void {
    const { transport } = this.#client
    if (transport === undefined) {
      settle(Result.fail(new SdkError(SdkErrorCode.NotConnected, "Not connected")))
      return () => {}
    }
    const id = this.#nextId++
    const request = transport.hasPerRequestStream === true ? new AbortController() : undefined
    const waiting: Waiting = { id, settle, request }
    this.#waiting.add(waiting)
    const options =
      request === undefined
        ? undefined
        : {
            requestSignal: request.signal,
            onRequestStreamEnd: () =>
              this.#settle(waiting, Result.fail(new Error("The stream ended without the answer."))),
          }
    transport
      .send({ jsonrpc: "2.0", id, method: "tools/call", params: this.#inEnvelope(params) }, options)
      .catch((error: unknown) => this.#settle(waiting, Result.fail(error)))
    return () => {
      if (this.#waiting.delete(waiting)) this.#cancel(waiting)
    }
  }

  /** Whether the message answers one of these calls. */
  take(message: JSONRPCMessage): boolean {
    if ("method" in message || message.id === undefined) return false
    const id = Number(message.id)
    const waiting = this.#waiting.find((one) => one.id === id)
    return waiting !== undefined && this.#settle(waiting, outcomeOf(message))
  }

  /** The connection is gone: nothing comes any more. */
  end(): void {
    const error = new SdkError(SdkErrorCode.ConnectionClosed, "Connection closed")
    for (const waiting of this.#waiting) {
      this.#settle(waiting, Result.fail(error))
      waiting.request?.abort()
    }
  }

  #settle(waiting: Waiting, outcome: Outcome): boolean {
    const isWaiting = this.#waiting.delete(waiting)
    if (isWaiting) waiting.settle(outcome)
    return isWaiting
  }

  #cancel({ id, request }: Waiting): void {
    // MCP 2026-07-28, basic/utilities/cancellation: closing the request's own stream says it.
    if (request === undefined || !this.#isModern()) {
      const notification: JSONRPCNotification = {
        jsonrpc: "2.0",
        method: "notifications/cancelled",
        params: this.#inEnvelope({ requestId: id, reason: "The caller has gone." }),
      }
      // Whom it does not reach, it does not concern any more.
      this.#client.transport?.send(notification).catch(() => {})
    }
    request?.abort()
  }

  /** MCP 2026-07-28, basic: every message says which revision it is of, and what its sender is. */
  #inEnvelope(params: Readonly<Record<string, unknown>>): Record<string, unknown> {
    if (!this.#isModern()) return params
    const { capabilities, clientInfo } = this.#identity
    const meta = params["_meta"]
    return {
      ...params,
      _meta: {
        [PROTOCOL_VERSION_META_KEY]: this.#client.getNegotiatedProtocolVersion(),
        [CLIENT_INFO_META_KEY]: clientInfo,
        [CLIENT_CAPABILITIES_META_KEY]: capabilities,
        ...(Predicate.isObject(meta) ? meta : {}),
      },
    }
  }

  #isModern(): boolean {
    return this.#client.getProtocolEra() === "modern"
  }
}

/** Nothing of the message was checked but that it is JSON-RPC. */
const outcomeOf = (message: object): Outcome => {
  if ("result" in message) return Result.succeed(message.result)
  const error = "error" in message && Predicate.isObject(message.error) ? message.error : {}
  const { code, message: text } = error
  return typeof code === "number" && typeof text === "string"
    ? Result.fail(ProtocolError.fromError(code, text, error["data"]))
    : Result.fail(new SdkError(SdkErrorCode.InvalidResult, "The answer is neither a result nor an error."))
}
