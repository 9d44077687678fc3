import { Agent, Pool } from "undici"
import type { EgressPolicy } from "./EgressPolicy.ts"
import type { EgressRules } from "./EgressRules.ts"
import { type Answer, toResponse } from "./Answer.ts"
import { exchange, type ExchangeRequest } from "./exchange.ts"
import { fetchFailure } from "./fetchFailure.ts"
import { outgoingRequest, toExchangeRequest } from "./OutgoingRequest.ts"
import { isRedirect, redirectedRequest } from "./redirectedRequest.ts"
import { type ConnectorOptions, vettingConnector } from "./vettingConnector.ts"

/** A web-standard `fetch` that takes no options of its own. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

const maxRedirects = 5

/** `fetch` over a {@link guardedAgent}: every hop of a redirect is checked as the first URL is. */
export const guardedFetch = (agent: Agent, rules: EgressRules, policy: EgressPolicy): Fetch => {
  const { maxResponseBytes, totalTimeoutMs } = policy
  return async (input, init) => {
    const startedAt = performance.now()
    let request = outgoingRequest(input, init)
    for (let followed = 0; ; followed++) {
      const refusal = rules.checkUrl(request.url)
      if (refusal !== undefined) throw fetchFailure(refusal)
      const answer = await exchange(agent, toExchangeRequest(request), {
        maxResponseBytes,
        totalTimeoutMs,
        remainingMs: totalTimeoutMs - (performance.now() - startedAt),
        redirected: followed > 0,
      })
      const response = toResponse(answer)
      if (request.redirect === "manual" || !isRedirect(response)) return response
      if (request.redirect === "error") throw fetchFailure(new Error("unexpected redirect"))
      if (followed === maxRedirects) throw fetchFailure(new Error("redirect count exceeded"))
      const next = redirectedRequest(request, response)
      if (next instanceof Error) throw fetchFailure(next)
      request = next
    }
  }
}

/** Sends one request after the other to the same URL. Rejects as `fetch` does. */
export type Send = (request: Omit<ExchangeRequest, "url">) => Promise<Answer>

/** The same for who asks one URL again and again, and reads answers himself: it is checked once, and no redirect is followed. */
export const guardedSend = (agent: Agent, rules: EgressRules, policy: EgressPolicy, to: URL): Send => {
  // Nobody else can change it.
  const url = new URL(to)
  const refusal = rules.checkUrl(url)
  const { maxResponseBytes, totalTimeoutMs } = policy
  const options = { maxResponseBytes, totalTimeoutMs, remainingMs: totalTimeoutMs, redirected: false }
  return (request) =>
    refusal === undefined
      ? exchange(agent, { ...request, url }, options)
      : Promise.reject(fetchFailure(refusal))
}

/**
 * An undici agent whose connections are all vetted. It never asks for a proxy (an HTTP proxy would resolve names
 * itself, behind the guard), and sets no limit of connections for each origin: every open event stream holds one.
 */
export const guardedAgent = (
  rules: EgressRules,
  policy: EgressPolicy,
  options: Pick<ConnectorOptions, "resolver" | "tls">,
): Agent =>
  new Agent({
    factory: (origin) =>
      new Pool(origin, {
        connect: vettingConnector(new URL(origin), rules, {
          ...options,
          connectTimeoutMs: policy.connectTimeoutMs,
        }),
        headersTimeout: policy.headersTimeoutMs,
        // It counts the time without a byte, and an event stream may be silent. Bodies have the total timeout.
        bodyTimeout: 0,
        // What a server may ask an idle connection to be kept.
        keepAliveMaxTimeout: 60_000,
      }),
  })
