import type { Client } from "@modelcontextprotocol/client"
import type { ServerRequests } from "../serverRequests/ServerRequests.ts"
import type { Challenge } from "../transport/Challenge.ts"
import type { UnstartedTransport } from "../transport/Transports.ts"
import { canSignIn } from "./canSignIn.ts"
import type { EraVerdicts } from "./EraVerdicts.ts"
import type { SessionObserver } from "./SessionObserver.ts"
import type { SessionTarget } from "./SessionTarget.ts"
import type { ToolRequests } from "./ToolRequests.ts"

interface ConnectionParts {
  readonly client: Client
  /** What we ask of the server beside the client. */
  readonly toolRequests: ToolRequests
  readonly requests: ServerRequests
  readonly transport: UnstartedTransport
  readonly target: SessionTarget
  readonly verdicts: EraVerdicts
  readonly observer: SessionObserver
  /** Whether the server itself says of which era it is, and not what is remembered of it. */
  readonly isProven: boolean
}

/** A client that shakes hands or has done so, and what the calls on it need to know. */
export class Connection {
  readonly client: Client
  readonly toolRequests: ToolRequests
  readonly requests: ServerRequests
  readonly target: SessionTarget
  readonly observer: SessionObserver
  readonly #transport: UnstartedTransport
  readonly #verdicts: EraVerdicts
  #isOpen = true
  #isProven: boolean

  constructor({
    client,
    isProven,
    observer,
    requests,
    target,
    toolRequests,
    transport,
    verdicts,
  }: ConnectionParts) {
    this.client = client
    this.toolRequests = toolRequests
    this.requests = requests
    this.target = target
    this.observer = observer
    this.#transport = transport
    this.#verdicts = verdicts
    this.#isProven = isProven
  }

  /** Whether new calls may be made. */
  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Whether each request stands for itself (2026-07-28): a server that was replaced shows in any of its answers. */
  get isModern(): boolean {
    return this.client.getProtocolEra() === "modern"
  }

  /** Whether the server knows this connection by a session id, as streamable HTTP has it up to 2025-11-25. */
  get hasSessionId(): boolean {
    return this.#transport.transport.sessionId !== undefined
  }

  /** Whether its user could sign in to the server, be it anew for more. */
  get canSignIn(): boolean {
    return canSignIn(this.target)
  }

  get diagnostics(): string | undefined {
    return this.#transport.diagnostics()
  }

  get lastFailure(): unknown {
    return this.#transport.lastFailure()
  }

  get challenge(): Challenge | undefined {
    return this.#transport.challenge()
  }

  /** Something came back over it: what is believed of the server's era is right. */
  succeeded(): void {
    if (!this.#isProven) this.answered()
  }

  /** The server has told which tools it has, or anything for the first time: it is well. */
  answered(): void {
    this.#isProven = true
    this.observer.answered()
  }

  /** A request failed, in whatever way. Where nothing has succeeded yet, what is believed of the server may be wrong. */
  failed(): void {
    if (!this.#isProven) this.abandon()
  }

  /** Lets no new call use this connection, and makes the next one meet the server anew. */
  abandon(): void {
    this.#isOpen = false
    this.#verdicts.forget(this.target.key)
  }

  /** Its transport is gone. */
  closed(): void {
    this.#isOpen = false
    this.toolRequests.end()
    this.observer.closed(this.diagnostics)
  }
}
