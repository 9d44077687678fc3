import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { EgressPolicy } from "./EgressPolicy.ts"
import { egressRules } from "./EgressRules.ts"
import { type Fetch, guardedAgent, guardedFetch, guardedSend, type Send } from "./guardedFetch.ts"
import { NetworkForbidden } from "./NetworkForbidden.ts"
import type { ConnectorOptions } from "./vettingConnector.ts"

/**
 * The way out: every HTTP request that core sends goes through it. Whoever registers an MCP server chooses the URLs
 * that are fetched, so that each one, and each hop of a redirect, is held against the host's policy.
 */
export class Egress extends Context.Service<
  Egress,
  {
    /**
     * A web-standard `fetch` that only reaches addresses which the policy allows; hand it to the MCP client. It rejects
     * as global `fetch` does: with the signal's reason, or with a `TypeError` that has a `cause`. `egressRefusal` finds
     * a `NetworkForbidden` or `ResponseTooLarge` in it.
     *
     * Bodies come complete and limited, event streams as they arrive; see {@link EgressPolicy} for the limits.
     */
    readonly fetch: Fetch
    /**
     * The same for what an authorization server says: a small document, of `maxDocumentBytes` at most. One that comes as
     * an event stream, which could go on for as long as there is time, is refused with a `TypeError`.
     */
    readonly fetchDocument: Fetch
    /** The same as `fetch` for one URL, without what a `Response` costs; redirects are answers like any other. */
    readonly sender: (url: URL) => Send
    /**
     * Checks scheme, userinfo, port and literal address of a URL without connecting or resolving its name: a URL that
     * it refuses is not worth storing. One that it passes may still be refused when its name is resolved.
     */
    readonly check: (url: string) => Effect.Effect<URL, NetworkForbidden>
  }
>()("@mooring/core/security/egress/Egress") {
  /** Closes all connections with its scope, so that the host's process can end. */
  static readonly layer = (policy: EgressPolicy): Layer.Layer<Egress> => Egress.layerWith({ policy })

  /** A layer with a resolver of its own (tests, or a host with its own DNS) or TLS settings such as a private `ca`. */
  static readonly layerWith = ({
    policy,
    ...options
  }: { readonly policy: EgressPolicy } & Pick<ConnectorOptions, "resolver" | "tls">): Layer.Layer<Egress> =>
    Layer.effect(
      Egress,
      Effect.gen(function* () {
        const rules = egressRules(policy)
        const agent = yield* Effect.acquireRelease(
          Effect.sync(() => guardedAgent(rules, policy, options)),
          (open) => Effect.promise(() => open.destroy()),
        )
        return Egress.of({
          fetch: guardedFetch(agent, rules, policy),
          sender: (url) => guardedSend(agent, rules, policy, url),
          fetchDocument: documentFetch(
            guardedFetch(agent, rules, {
              ...policy,
              maxResponseBytes: Math.min(policy.maxDocumentBytes, policy.maxResponseBytes),
            }),
          ),
          check: (input) =>
            Effect.suspend(() => {
              const url = URL.parse(input)
              if (url === null) return Effect.fail(NetworkForbidden.of(url, "url"))
              const refusal = rules.checkUrl(url)
              return refusal === undefined ? Effect.succeed(url) : Effect.fail(refusal)
            }),
        })
      }),
    )
}

const documentFetch =
  (fetch: Fetch): Fetch =>
  async (input, init) => {
    const response = await fetch(input, init)
    if (!/^\s*text\/event-stream/i.test(response.headers.get("content-type") ?? "")) return response
    await response.body?.cancel()
    throw new TypeError("fetch failed", { cause: new Error("A document came as an event stream") })
  }
