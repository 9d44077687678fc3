import {
  type ClientCapabilities,
  type CreateMessageResult,
  type ElicitResult,
  type InputResponses,
  type JSONRPCRequest,
  ProtocolError,
  ProtocolErrorCode,
} from "@modelcontextprotocol/client"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { InFlight } from "../InFlight.ts"
import { admitRequest, maxOpenRequests, type Operation } from "./admitRequest.ts"
import { answerElicitation } from "./answerElicitation.ts"
import { answerSampling, refusedSampling } from "./answerSampling.ts"
import type { ClientFeatures, ServerRequestContext } from "./ClientFeatures.ts"
import { isWithinLimits, type ParamsLimits } from "./isWithinLimits.ts"

export interface ServerRequestLimits extends ParamsLimits {
  /** What an MCP server may ask for in one operation. */
  readonly serverRequests: number
}

/** What a call asks for can't be given: it ends without a result. */
export class InputRefused extends Schema.TaggedError<InputRefused>()("InputRefused", {
  problem: Schema.String,
}) {
  override get message() {
    return this.problem
  }
}

/** What a call asks for in the place of a result; nothing of it was checked. */
export interface AskedInput {
  readonly inputRequests?: Readonly<Record<string, unknown>>
  readonly requestState?: string
}

/** What goes back with the next round of a call (MCP 2026-07-28, basic/utilities/mrtr). */
export interface Input {
  readonly inputResponses?: InputResponses
  readonly requestState?: string
}

export interface CurrentOperation extends Operation {
  asked: number
  open: number
  readonly ended: Deferred.Deferred<void>
}

/** Each refusal is a message of its own, over HTTP a request of its own. */
const maxRefusals = 256

/** How long after a round that asks for nothing but more time, in milliseconds: longer each time. */
const pauseMillis = (rounds: number) => Math.min(125 * 2 ** rounds, 4_000)

/** What the MCP server of one session asks for, and what it is answered. */
export class ServerRequests {
  readonly #features: ClientFeatures
  readonly #context: ServerRequestContext
  readonly #limits: ServerRequestLimits
  readonly #operations = new InFlight<CurrentOperation>()
  #refusals = 0

  constructor(features: ClientFeatures, context: ServerRequestContext, limits: ServerRequestLimits) {
    this.#features = features
    this.#context = context
    this.#limits = limits
  }

  /** What the server is told that it may ask for. */
  get capabilities(): ClientCapabilities {
    const { elicit, sample } = this.#features
    return {
      ...(elicit === undefined ? {} : { elicitation: { form: {} } }),
      ...(sample === undefined ? {} : { sampling: {} }),
    }
  }

  /** How many operations run. */
  get inFlight(): number {
    return this.#operations.size
  }

  /** Whether the server goes on asking, however often it was refused. */
  get isFlooding(): boolean {
    return this.#refusals > maxRefusals
  }

  /** Lets the server ask as long as the effect runs. At its end, what is not answered yet is withdrawn. */
  during<A, E, R>(use: (operation: CurrentOperation) => Effect.Effect<A, E, R>): Effect.Effect<A, E, R> {
    return Effect.suspend(() => {
      this.#refusals = 0
      const operation = { asked: 0, open: 0, ended: Deferred.makeUnsafe<void>() }
      this.#operations.add(operation)
      return Effect.onExit(use(operation), () => {
        this.#operations.delete(operation)
        return Deferred.succeed(operation.ended, undefined)
      })
    })
  }

  /** Answers a request that the server sends by itself (MCP up to 2025-11-25). */
  answer(request: JSONRPCRequest): Effect.Effect<ElicitResult | CreateMessageResult, ProtocolError> {
    return this.#inContext(
      Effect.suspend(() => {
        const waiting = [...this.#operations]
        const operation = admitRequest(waiting, this.#limits.serverRequests)
        if (operation === undefined) {
          this.#refusals += 1
          return this.#withoutAsking(request.method, { action: "decline" })
        }
        operation.asked += 1
        operation.open += 1
        const withdrawn = Effect.forEach(waiting, ({ ended }) => Deferred.await(ended), { discard: true })
        return Effect.raceFirst(
          this.#respond(request.method, request.params),
          Effect.andThen(withdrawn, this.#withoutAsking(request.method, { action: "cancel" })),
        ).pipe(Effect.ensuring(Effect.sync(() => (operation.open -= 1))))
      }),
    )
  }

  /** Gives what a call asks for in the place of a result (MCP 2026-07-28). */
  fulfil(operation: CurrentOperation, asked: AskedInput): Effect.Effect<Input, InputRefused> {
    const { inputRequests = {}, requestState } = asked
    const limits = this.#limits
    return this.#inContext(
      Effect.suspend((): Effect.Effect<Input, InputRefused> => {
        const entries = Object.entries(inputRequests)
        operation.asked += Math.max(1, entries.length)
        if (operation.asked > limits.serverRequests) {
          return refuse(
            `The tool asks for input more than ${limits.serverRequests} times, which this host does not allow.`,
          )
        }
        if (!isWithinLimits({ inputRequests, requestState }, limits)) {
          return refuse("The tool asks for more input at once than this host allows.")
        }
        // The state is the server's own: back it goes as it came, and only where there was one.
        const state = requestState === undefined ? {} : { requestState }
        if (entries.length === 0) {
          return Effect.as(Effect.sleep(Duration.millis(pauseMillis(operation.asked))), state)
        }
        return Effect.forEach(
          entries,
          ([key, entry]) => Effect.map(this.#fulfilOne(entry), (response) => [key, response] as const),
          { concurrency: maxOpenRequests },
        ).pipe(Effect.map((responses) => ({ ...state, inputResponses: Object.fromEntries(responses) })))
      }),
    )
  }

  #respond(
    method: string,
    params: unknown,
  ): Effect.Effect<ElicitResult | CreateMessageResult, ProtocolError> {
    const { elicit, sample } = this.#features
    switch (method) {
      case "elicitation/create":
        return answerElicitation(elicit, params, this.#context, this.#limits)
      case "sampling/createMessage":
        return answerSampling(sample, params, this.#context, this.#limits)
      default:
        return Effect.fail(notFound)
    }
  }

  /** What the server hears where nobody is asked, or no longer. */
  #withoutAsking(method: string, elicited: ElicitResult): Effect.Effect<ElicitResult, ProtocolError> {
    if (method === "elicitation/create") return Effect.succeed(elicited)
    const isOffered = method === "sampling/createMessage" && this.#features.sample !== undefined
    return Effect.fail(isOffered ? refusedSampling : notFound)
  }

  #fulfilOne(entry: unknown): Effect.Effect<ElicitResult | CreateMessageResult, InputRefused> {
    if (!Predicate.isObject(entry) || !Predicate.isString(entry["method"])) {
      return refuse("The tool asks for input in a way that is not valid MCP.")
    }
    const { method, params } = entry
    return this.#respond(method, params).pipe(
      Effect.catch((error) =>
        method === "elicitation/create"
          ? Effect.succeed<ElicitResult>({ action: "decline" })
          : // Unlike a form, what else is asked for has no answer that says no.
            refuse(refusalOf(method, error)),
      ),
    )
  }

  #inContext<A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> {
    return Effect.annotateLogs(effect, { server: this.#context.server.id })
  }
}

const refuse = (problem: string) => Effect.fail(new InputRefused({ problem }))

const notFound = new ProtocolError(ProtocolErrorCode.MethodNotFound, "Method not found")

const refusalOf = (method: string, { code }: ProtocolError): string => {
  if (method !== "sampling/createMessage")
    return "The tool asks for something that this host does not give to MCP servers."
  return code === ProtocolErrorCode.MethodNotFound
    ? "The tool asks for a model's answer, which this host does not give to MCP servers."
    : "The tool asked for a model's answer, and got none."
}
