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

/** What the MCP server of one session asks for, and what it is answered. */
export interface ServerRequests {
  /** What the server is told that it may ask for. */
  readonly capabilities: ClientCapabilities
  /** Lets the server ask as long as the effect runs. At its end, what is not answered yet is withdrawn. */
  readonly during: <A, E, R>(
    use: (operation: CurrentOperation) => Effect.Effect<A, E, R>,
  ) => Effect.Effect<A, E, R>
  /** How many such effects run. */
  readonly inFlight: () => number
  /** Answers a request that the server sends by itself (MCP up to 2025-11-25). */
  readonly answer: (
    request: JSONRPCRequest,
  ) => Effect.Effect<ElicitResult | CreateMessageResult, ProtocolError>
  /** Gives what a call asks for in the place of a result (MCP 2026-07-28). */
  readonly fulfil: (operation: CurrentOperation, asked: AskedInput) => Effect.Effect<Input, InputRefused>
  /** Whether the server goes on asking, however often it was refused. */
  readonly isFlooding: () => boolean
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

export const makeServerRequests = (
  features: ClientFeatures,
  context: ServerRequestContext,
  limits: ServerRequestLimits,
): ServerRequests => {
  const operations = new Set<CurrentOperation>()
  let refusals = 0

  const respond = (
    method: string,
    params: unknown,
  ): Effect.Effect<ElicitResult | CreateMessageResult, ProtocolError> => {
    switch (method) {
      case "elicitation/create":
        return answerElicitation(features.elicit, params, context, limits)
      case "sampling/createMessage":
        return answerSampling(features.sample, params, context, limits)
      default:
        return Effect.fail(notFound)
    }
  }
  /** What the server hears where nobody is asked, or no longer. */
  const withoutAsking = (
    method: string,
    elicited: ElicitResult,
  ): Effect.Effect<ElicitResult, ProtocolError> => {
    if (method === "elicitation/create") return Effect.succeed(elicited)
    const isOffered = method === "sampling/createMessage" && features.sample !== undefined
    return Effect.fail(isOffered ? refusedSampling : notFound)
  }
  const inContext = Effect.annotateLogs({ server: context.server.id })

  const answer = (request: JSONRPCRequest) =>
    Effect.suspend(() => {
      const waiting = [...operations]
      const operation = admitRequest(waiting, limits.serverRequests)
      if (operation === undefined) {
        refusals += 1
        return withoutAsking(request.method, { action: "decline" })
      }
      operation.asked += 1
      operation.open += 1
      const withdrawn = Effect.forEach(waiting, ({ ended }) => Deferred.await(ended), { discard: true })
      return Effect.raceFirst(
        respond(request.method, request.params),
        Effect.andThen(withdrawn, withoutAsking(request.method, { action: "cancel" })),
      ).pipe(Effect.ensuring(Effect.sync(() => (operation.open -= 1))))
    }).pipe(inContext)

  const fulfilOne = (entry: unknown) => {
    if (!Predicate.isObject(entry) || !Predicate.isString(entry["method"])) {
      return Effect.fail(
        new InputRefused({ problem: "The tool asks for input in a way that is not valid MCP." }),
      )
    }
    const { method, params } = entry
    return respond(method, params).pipe(
      Effect.catch((error) =>
        method === "elicitation/create"
          ? Effect.succeed<ElicitResult>({ action: "decline" })
          : // Unlike a form, what else is asked for has no answer that says no.
            Effect.fail(new InputRefused({ problem: refusalOf(method, error) })),
      ),
    )
  }

  const fulfil = Effect.fnUntraced(function* (
    operation: CurrentOperation,
    { inputRequests = {}, requestState }: AskedInput,
  ): Effect.fn.Return<Input, InputRefused> {
    const entries = Object.entries(inputRequests)
    operation.asked += Math.max(1, entries.length)
    if (operation.asked > limits.serverRequests) {
      return yield* new InputRefused({
        problem: `The tool asks for input more than ${limits.serverRequests} times, which this host does not allow.`,
      })
    }
    if (!isWithinLimits({ inputRequests, requestState }, limits)) {
      return yield* new InputRefused({
        problem: "The tool asks for more input at once than this host allows.",
      })
    }
    // The state is the server's own: back it goes as it came, and only where there was one.
    const state = requestState === undefined ? {} : { requestState }
    if (entries.length === 0) {
      yield* Effect.sleep(Duration.millis(pauseMillis(operation.asked)))
      return state
    }
    const responses = yield* Effect.forEach(
      entries,
      ([key, entry]) => Effect.map(fulfilOne(entry), (response) => [key, response] as const),
      { concurrency: maxOpenRequests },
    )
    return { ...state, inputResponses: Object.fromEntries(responses) }
  }, inContext)

  return {
    capabilities: {
      ...(features.elicit === undefined ? {} : { elicitation: { form: {} } }),
      ...(features.sample === undefined ? {} : { sampling: {} }),
    },
    during: (use) =>
      Effect.suspend(() => {
        refusals = 0
        const operation = { asked: 0, open: 0, ended: Deferred.makeUnsafe<void>() }
        operations.add(operation)
        return Effect.onExit(use(operation), () => {
          operations.delete(operation)
          return Deferred.succeed(operation.ended, undefined)
        })
      }),
    inFlight: () => operations.size,
    answer,
    fulfil,
    isFlooding: () => refusals > maxRefusals,
  }
}

const notFound = new ProtocolError(ProtocolErrorCode.MethodNotFound, "Method not found")

const refusalOf = (method: string, { code }: ProtocolError): string => {
  if (method !== "sampling/createMessage")
    return "The tool asks for something that this host does not give to MCP servers."
  return code === ProtocolErrorCode.MethodNotFound
    ? "The tool asks for a model's answer, which this host does not give to MCP servers."
    : "The tool asked for a model's answer, and got none."
}
