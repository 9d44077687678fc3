import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import * as Effect from "effect/Effect"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { onTestFinished } from "vitest"
import { Egress } from "../../../src/security/egress/Egress.ts"
import { EgressPolicy } from "../../../src/security/egress/EgressPolicy.ts"
import type { ConnectorOptions, Resolver } from "../../../src/security/egress/vettingConnector.ts"

export type PolicyInput = Parameters<typeof EgressPolicy.make>[0]

/** A server on loopback which counts what reaches it. */
export interface TestServer {
  readonly port: number
  /** By literal address. */
  readonly url: string
  readonly connections: () => number
  readonly requests: () => number
  readonly close: () => Promise<void>
}

export const listen = async (handler: RequestListener): Promise<TestServer> => {
  let connections = 0
  let requests = 0
  const server = createServer((request, response) => {
    requests++
    handler(request, response)
  })
  server.on("connection", () => connections++)
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  onTestFinished(close)
  const { port } = server.address() as AddressInfo // a server on a port has no other kind of address
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    connections: () => connections,
    requests: () => requests,
    close,
  }
}

export const loopback: PolicyInput = { allowRanges: ["127.0.0.0/8", "::1/128"] }

/** An `Egress` which ends with the test. */
export const openEgress = async (
  policy: PolicyInput = loopback,
  options: Pick<ConnectorOptions, "resolver" | "tls"> = {},
): Promise<Egress["Service"] & { readonly close: () => Promise<void> }> => {
  const runtime = ManagedRuntime.make(Egress.layerWith({ policy: EgressPolicy.make(policy), ...options }))
  onTestFinished(() => runtime.dispose())
  const egress = await runtime.runPromise(Egress.use(Effect.succeed))
  return { ...egress, close: () => runtime.dispose() }
}

/** A resolver with the given answers, one list for each call; the last one stays. Records what it was asked. */
export const resolverWith = (...answers: ReadonlyArray<ReadonlyArray<string>>) => {
  const asked: Array<string> = []
  const resolver: Resolver = (hostname, _, done) => {
    asked.push(hostname)
    const answer = answers[Math.min(asked.length, answers.length) - 1] ?? []
    setImmediate(() =>
      done(
        null,
        answer.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
      ),
    )
  }
  return { resolver, asked }
}

/** The error which a promise rejects with. */
export const rejection = async (promise: Promise<unknown>): Promise<unknown> => {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error("It did not reject.")
}

export const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Array<Buffer> = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** Answers with what it received. */
export const echo = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const { headers, method, url } = request
  const body = await bodyOf(request)
  response.setHeader("content-type", "application/json").end(JSON.stringify({ method, url, headers, body }))
}

export interface Echo {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A promise with its two ends outside, for events of a server that a test waits for. */
export const signal = <A = void>() => Promise.withResolvers<A>()

/** Calls a predicate until it holds, for at most five seconds. */
export const until = async (predicate: () => boolean): Promise<void> => {
  const deadline = performance.now() + 5_000
  while (!predicate()) {
    if (performance.now() > deadline) throw new Error("It did not come true in time.")
    await new Promise((resolve) => setImmediate(resolve))
  }
}
