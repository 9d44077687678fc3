import type { JSONRPCNotification, JSONRPCRequest } from "@modelcontextprotocol/client"
import * as Effect from "effect/Effect"
import { callOfTag } from "../transport/tagLogs.ts"
import type { Connection } from "./Connection.ts"
import { logLevel } from "./followCall.ts"
import type { CallFollower } from "./McpSession.ts"

type Params = Readonly<Record<string, unknown>>

/**
 * Tells those who follow a call what its MCP server says meanwhile.
 *
 * Progress names the call that it belongs to. A log message does not, so one that did not come by the stream of its
 * call's own answer is told only where it can be of no other call, and no other user has ever called by this session:
 * a server may log long after a call has ended. Any other is dropped.
 */
export class SessionNotices {
  readonly #connection: Connection
  readonly #followers = new Map<unknown, CallFollower>()
  #userId: string | undefined
  #hasSeveralUsers = false
  #isListening = false

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Every call is announced, also those that nobody follows. */
  calledBy(userId: string): void {
    this.#userId ??= userId
    if (this.#userId !== userId) this.#hasSeveralUsers = true
  }

  /** Tells the follower as long as the call runs. */
  during<A, E, R>(follower: CallFollower, call: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> {
    const told = Effect.acquireUseRelease(
      Effect.sync(() => this.#followers.set(follower.token, follower)),
      () => call,
      () => Effect.sync(() => this.#followers.delete(follower.token)),
    )
    // What the server says before the call is of other calls.
    return Effect.andThen(this.#listen(), told)
  }

  #listen(): Effect.Effect<void> {
    return Effect.suspend(() => {
      const { client, isModern } = this.#connection
      if (this.#isListening) return Effect.void
      this.#isListening = true
      // A modern server is asked with the call itself, an older one for its session, and as a favour.
      if (isModern || client.getServerCapabilities()?.logging === undefined) return Effect.void
      const params = { level: logLevel } as const
      return Effect.tryPromise((signal) =>
        client.request({ method: "logging/setLevel", params }, { signal, timeout: 1_000 }),
      ).pipe(Effect.ignore)
    })
  }

  /**
   * Whether the message was for those who follow alone. It is shown here before the client sees it, which forgets a
   * call's progress as soon as its result has come, also what came before it.
   */
  take(message: JSONRPCRequest | JSONRPCNotification): boolean {
    if (this.#followers.size === 0 || "id" in message) return false
    const { method, params = {} } = message
    if (method === "notifications/message") {
      this.#followerOf(params)?.feed.log(params)
      return true
    }
    if (method !== "notifications/progress") return false
    const follower = this.#followers.get(params["progressToken"])
    follower?.feed.progress(params)
    return follower !== undefined
  }

  #followerOf(params: Params): CallFollower | undefined {
    const token = callOfTag(params)
    if (token !== undefined) return this.#followers.get(token)
    const isAlone = this.#followers.size === 1 && this.#connection.requests.inFlight === 1
    if (!isAlone || this.#hasSeveralUsers) return undefined
    const [only] = this.#followers.values()
    return only
  }
}
