import type {
  CreateMessageRequestParamsBase,
  CreateMessageResult,
  ElicitRequestFormParams,
  ElicitResult,
} from "@modelcontextprotocol/client"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { Actor } from "../actors/Actor.ts"

/** A form that an MCP server wants filled in (MCP 2025-11-25, client/elicitation, form mode). */
export type ElicitationRequest = Pick<ElicitRequestFormParams, "message" | "requestedSchema">

/** Messages to which an MCP server wants a model's answer (MCP 2025-11-25, client/sampling, without tools). */
export type SamplingRequest = Omit<CreateMessageRequestParamsBase, "_meta" | "task">

/** Who is asked, and by whom. */
export interface ServerRequestContext {
  /** The user for whom the MCP server is connected to, or its tool is run. */
  readonly actor: Pick<Actor, "organizationId" | "userId">
  /** One that is tried without being registered has an id that nobody else knows. */
  readonly server: { readonly id: string; readonly name: string }
}

/**
 * What the host does for MCP servers that ask for something while they are connected to or run a tool (a port). Which
 * of it there is, is declared to them as capabilities. Default: nothing; forms are declined, the rest is refused.
 *
 * An effect is interrupted when nobody waits for its answer any more. What it fails with is logged, and the MCP server
 * hears no more than that there is no answer.
 */
export interface ClientFeatures {
  /** Has the user fill in a form. Fields that `content` leaves out get the defaults of the form. */
  readonly elicit?:
    | ((request: ElicitationRequest, context: ServerRequestContext) => Effect.Effect<ElicitResult, unknown>)
    | undefined
  /** Has a model answer. Nothing (`undefined`) means that this was refused. */
  readonly sample?:
    | ((
        request: SamplingRequest,
        context: ServerRequestContext,
      ) => Effect.Effect<CreateMessageResult | undefined, unknown>)
    | undefined
}

export const ClientFeatures = Context.Reference<ClientFeatures>(
  "@mooring/core/serverRequests/ClientFeatures",
  { defaultValue: () => ({}) },
)

/** The same as functions of a host that knows no Effect. */
export interface ClientFeatureHandlers {
  /**
   * Has the user fill in a form that an MCP server asks for in the middle of a run or a connect (MCP 2025-11-25,
   * client/elicitation; `input_required` in 2026-07-28). Resolve with `{ action: "accept", content }`, where fields
   * that are left out get the form's defaults, or with `{ action: "decline" }` or `{ action: "cancel" }`.
   *
   * Content that does not fit the form, a rejection, and the end of the run before there is an answer are `cancel` to
   * the server. `limits.runTimeoutMs` goes on while the user thinks. Without it, forms are declined.
   */
  readonly onElicit?:
    | ((
        request: ElicitationRequest,
        context: ServerRequestContext & { readonly signal: AbortSignal },
      ) => Promise<ElicitResult>)
    | undefined
  /**
   * Has a model answer messages of an MCP server (MCP 2025-11-25, client/sampling). Resolve with the model's message,
   * or with nothing (`undefined`) to refuse. Without it, such requests are refused.
   */
  readonly onSample?:
    | ((
        request: SamplingRequest,
        context: ServerRequestContext & { readonly signal: AbortSignal },
      ) => Promise<CreateMessageResult | undefined>)
    | undefined
}

export const fromHandlers = ({ onElicit, onSample }: ClientFeatureHandlers): ClientFeatures => ({
  ...(onElicit === undefined
    ? {}
    : {
        elicit: (request, context) =>
          Effect.tryPromise(async (signal) => onElicit(request, { ...context, signal })),
      }),
  ...(onSample === undefined
    ? {}
    : {
        sample: (request, context) =>
          Effect.tryPromise(async (signal) => onSample(request, { ...context, signal })),
      }),
})
