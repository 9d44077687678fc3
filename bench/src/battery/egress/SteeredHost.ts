import { createMooring, Egress, EgressPolicy } from "@mooring/core"
import * as Effect from "effect/Effect"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Logger from "effect/Logger"
import { openInternet, type TestInternet } from "./TestInternet.ts"
import { protectedUrl, type Steering, steeringServers, issuer } from "./steeringServers.ts"

/** Where all of the test's own servers are. */
export const homeAddress = "93.184.215.14"

/** A host with the policy that hosts have by default, on an internet of hostile servers. */
export interface SteeredHost extends AsyncDisposable {
  readonly internet: TestInternet
  /** Begins anew: another user, servers that say what they should, nothing dialled. */
  readonly begin: () => void
  /** From here on the servers say this too. */
  readonly steer: (steering: Steering) => void
  /** Follows a URL by the guarded fetch itself; gives the status, or why there is none. */
  readonly fetch: (url: string) => Promise<string>
  /** Connects to a server that need not be registered; gives the code with which that ended, `success` included. */
  readonly connect: (config: { readonly type: string; readonly server_url: string }) => Promise<string>
  /** Connects to the server behind the sign-in and comes back from it as the user does. */
  readonly signIn: () => Promise<string>
  /** Signs out again, up to the end of the revocation. */
  readonly signOut: () => Promise<void>
}

interface ConnectEvent {
  readonly event: string
  readonly code?: string
  readonly url?: string
}

export const openSteeredHost = async (publicAddresses: ReadonlySet<string>): Promise<SteeredHost> => {
  let steering: Steering = {}
  let user = 0
  const internet = await openInternet(
    (address) => address === homeAddress || publicAddresses.has(address),
    steeringServers(() => steering),
  )
  for (const name of ["as", "guarded", "open", "hop", "sse"]) internet.name(`${name}.example`, [homeAddress])
  let revocations = 0
  let whenRevoked = Promise.withResolvers<void>()
  const mooring = createMooring({
    actor: () => ({ organizationId: `organization ${user}`, userId: "user" }),
    publicUrl: "https://app.example/mcp",
    logLevel: "Info",
    // What came of a revocation is told nowhere else.
    telemetry: Logger.layer([
      Logger.make(({ message }) => {
        if (String(message).includes("could not be revoked")) whenRevoked.resolve()
      }),
    ]),
    limits: { oauthStepTimeoutMs: 5_000, connectTimeoutMs: 5_000, listTimeoutMs: 5_000 },
  })
  await mooring.ready
  const way = ManagedRuntime.make(Egress.layer(EgressPolicy.make({})))
  const guarded = await way.runPromise(Egress.use(Effect.succeed))
  let signedIn: string | undefined

  const request = (method: string, path: string, body?: object) =>
    mooring.fetch(
      new Request(`https://app.example${path}`, {
        method,
        headers: { "content-type": "application/json", accept: "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    )

  /** The last event of a connect; whoever has to sign in does so. */
  const lastOf = async (response: Response): Promise<string> => {
    let last = `${response.status}`
    for await (const event of eventsOf(response)) {
      if (event.event === "authorization_url" && event.url !== undefined) await callBack(event.url)
      last = event.code ?? event.event
    }
    return last
  }

  const callBack = async (authorizationUrl: string) => {
    const state = new URL(authorizationUrl).searchParams.get("state") ?? ""
    const query = new URLSearchParams({ code: "a-code-of-the-test", state, iss: issuer })
    await (await request("GET", `/v1/tools/mcp/oauth/callback?${query}`)).text()
  }

  return {
    internet,
    begin: () => {
      user += 1
      signedIn = undefined
      steering = {}
      internet.forget()
    },
    steer: (more) => {
      steering = { ...steering, ...more }
    },
    fetch: async (url) => {
      try {
        return `${(await guarded.fetch(url)).status}`
      } catch (error) {
        return error instanceof Error && error.cause instanceof Error ? error.cause.name : "failed"
      }
    },
    connect: async (config) =>
      lastOf(await request("POST", "/v1/tools/mcp/servers/connect", { server_name: "steering", ...config })),
    signIn: async () => {
      if (signedIn === undefined) {
        const config = { mcp_server_type: "streamable_http", server_url: protectedUrl }
        const created = await request("POST", "/v1/mcp-servers/", { server_name: "guarded", config })
        signedIn = ((await created.json()) as { id: string }).id // by the contract
      }
      return lastOf(await request("GET", `/v1/mcp-servers/connect/${signedIn}`))
    },
    signOut: async () => {
      revocations = internet.dialled.length
      whenRevoked = Promise.withResolvers()
      await request("DELETE", `/v1/mcp-servers/${signedIn}/credential`)
      // Either somebody was asked, or it is told that nobody could be.
      while (internet.dialled.length === revocations) {
        const ended = await Promise.race([
          whenRevoked.promise.then(() => true),
          new Promise<false>((resolve) => setImmediate(resolve, false)),
        ])
        if (ended) return
      }
    },
    [Symbol.asyncDispose]: async () => {
      await way.dispose()
      await mooring.close()
      await internet[Symbol.asyncDispose]()
    },
  }
}

async function* eventsOf(response: Response): AsyncGenerator<ConnectEvent> {
  let rest = ""
  for await (const chunk of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
    const frames = (rest + chunk).split("\n\n")
    rest = frames.pop() ?? ""
    // Ours: a frame that is no comment is one JSON object with an `event`.
    for (const frame of frames)
      if (frame.startsWith("data: ")) yield JSON.parse(frame.slice(6)) as ConnectEvent
  }
}
