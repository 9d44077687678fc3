import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as References from "effect/References"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { Actor, ActorInput } from "./actors/Actor.ts"
import { ActorResolver } from "./actors/ActorResolver.ts"
import { decodeActor } from "./actors/decodeActor.ts"
import { AgentTools, type AgentToolsOptions } from "./agents/AgentTools.ts"
import { type MooringAgentTools, mooringAgentTools } from "./agents/MooringAgentTools.ts"
import { Audit } from "./audit/Audit.ts"
import type { AuditRecord } from "./audit/AuditRecord.ts"
import type { AuditPage } from "./audit/AuditStore.ts"
import type { ConnectEvent } from "./connect/ConnectEvent.ts"
import { Connector } from "./connect/Connector.ts"
import { errorBody } from "./http/ApiErrors.ts"
import { readsBodiesByMethod } from "./http/readsBodiesByMethod.ts"
import { makeWebHandler } from "./http/WebHandler.ts"
import type { MooringOptions } from "./MooringOptions.ts"
import { identityTokens, IdentityTokens } from "./oauth/IdentityTokens.ts"
import { OptionsSchema } from "./Options.ts"
import type { McpServer } from "./servers/McpServer.ts"
import { McpServers } from "./servers/McpServers.ts"
import type { McpServerPage } from "./servers/McpServerStore.ts"
import { ClientFeatures, fromHandlers } from "./serverRequests/ClientFeatures.ts"
import { ServerInput, ServerUpdate } from "./servers/ServerInput.ts"
import { layerMemoryStores, layerPolicies, layerServices, type Services } from "./Services.ts"
import type { ServerHealth } from "./sessions/ServerHealth.ts"
import { SessionPool } from "./sessions/SessionPool.ts"
import { Migrations } from "./storage/Migrations.ts"
import type { McpTool } from "./tools/McpTool.ts"
import type { ToolChanges } from "./tools/replaceTools.ts"
import type { RunEvent } from "./tools/RunEvent.ts"
import { ToolCatalog } from "./tools/ToolCatalog.ts"
import type { ToolExecution } from "./tools/ToolExecution.ts"
import { ToolRunner } from "./tools/ToolRunner.ts"
import { EventsLogged } from "./telemetry/logEvent.ts"
import { Transports } from "./transport/Transports.ts"

/** Mooring for applications that know no Effect: a router to mount, and the services as promises. */
export interface Mooring {
  /**
   * Answers a web-standard request whose path is seen from below the mount point. The adapters call it, and `mountAt`.
   *
   * @param hostRequest the host's own request, handed to the `actor` function as its second argument.
   */
  readonly fetch: (request: Request, hostRequest?: unknown) => Promise<Response>
  /** Whether a path below the mount point is one of Mooring's. */
  readonly handles: (pathname: string) => boolean
  /** The registered MCP servers. The promises reject with the errors of {@link McpServers}. */
  readonly servers: {
    /** Registers a server and waits for its tools, up to the option `limits.createWaitMs`. */
    readonly create: (actor: ActorInput, input: typeof ServerInput.Encoded) => Promise<McpServer>
    readonly get: (actor: ActorInput, id: string) => Promise<McpServer>
    readonly list: (actor: ActorInput, page?: McpServerPage) => Promise<ReadonlyArray<McpServer>>
    readonly update: (
      actor: ActorInput,
      id: string,
      update: typeof ServerUpdate.Encoded,
    ) => Promise<McpServer>
    readonly remove: (actor: ActorInput, id: string) => Promise<void>
    /** How connecting to the server goes, as seen from this node: nothing is asked of the server itself. */
    readonly health: (actor: ActorInput, id: string) => Promise<ServerHealth>
    /**
     * Who did what to the server, the newest first: 100 records, or `limit`, those before the record `before`. It can
     * still be asked for when the server is deleted.
     */
    readonly audit: (
      actor: ActorInput,
      id: string,
      page?: Partial<AuditPage>,
    ) => Promise<ReadonlyArray<AuditRecord>>
    /** Ends that the actor is signed in to the server. */
    readonly signOut: (actor: ActorInput, id: string) => Promise<void>
  }
  /** Their tools. The promises reject with the errors of {@link ToolCatalog} and {@link ToolRunner}. */
  readonly tools: {
    readonly list: (actor: ActorInput, serverId: string) => Promise<ReadonlyArray<McpTool>>
    readonly get: (actor: ActorInput, serverId: string, toolId: string) => Promise<McpTool>
    readonly refresh: (actor: ActorInput, serverId: string) => Promise<ToolChanges>
    /**
     * Lets a tool be run that its server has added or changed after its first listing; see the option
     * `approveChangedTools`. With the `fingerprint` of what the user has seen it rejects with `McpToolChanged` where the
     * tool has changed again meanwhile.
     */
    readonly approve: (
      actor: ActorInput,
      serverId: string,
      toolId: string,
      options?: { readonly fingerprint?: string | undefined },
    ) => Promise<McpTool>
    readonly run: (
      actor: ActorInput,
      serverId: string,
      toolId: string,
      args?: Readonly<Record<string, unknown>>,
      options?: { readonly signal?: AbortSignal },
    ) => Promise<ToolExecution>
    /**
     * Runs a tool before somebody's eyes: its progress and what its server logs, and in the end the result. Leaving
     * the loop cancels the run, and so does the signal, for whose reason it then rejects.
     */
    readonly follow: (
      actor: ActorInput,
      serverId: string,
      toolId: string,
      args?: Readonly<Record<string, unknown>>,
      options?: { readonly signal?: AbortSignal },
    ) => AsyncIterable<RunEvent>
    /**
     * The tools of all of the actor's servers, or of some, to be handed to a model by the AI SDK, OpenAI's or
     * Anthropic's package, and the running of what it calls. They are the tools of this moment: ask anew each turn.
     */
    readonly for: (actor: ActorInput, options?: AgentToolsOptions) => Promise<MooringAgentTools>
  }
  /**
   * Connects to a registered server before somebody's eyes: the events lead to its tools, by way of a sign-in where the
   * server wants one. Leaving the loop ends the attempt. Rejects with `McpServerNotFound` or `StoreError`.
   */
  readonly connect: (actor: ActorInput, serverId: string) => AsyncIterable<ConnectEvent>
  /**
   * Brings the tables of a persistent store up to this release and returns the names of the steps that were taken.
   * The storages do it by themselves when they start, unless told not to.
   */
  readonly migrate: () => Promise<ReadonlyArray<string>>
  /** Resolves when everything is set up, and rejects with the reason where that failed, such as a wrong option. */
  readonly ready: Promise<void>
  /**
   * Ends sessions, what runs on them and the commands that were started; runs are answered with what came of them.
   * The process can then exit by itself.
   */
  readonly close: () => Promise<void>
}

/**
 * Sets up Mooring in this process.
 *
 * @example
 * ```ts
 * const mooring = createMooring({ actor: "single-user", stdio: "any" })
 * app.use("/mcp", expressMooring(mooring))
 * ```
 */
export const createMooring = <HostRequest = never>(options: MooringOptions<HostRequest>): Mooring => {
  const {
    actor,
    identityToken,
    logFormat = "text",
    logLevel = "Warn",
    onElicit,
    onSample,
    stores = layerMemoryStores,
    telemetry,
    transports = Transports.layer,
    workloadToken,
    ...input
  } = options
  if (actor !== "single-user" && typeof actor !== "function") {
    throw new TypeError(
      'createMooring needs the option "actor": a function that finds who asks, or "single-user".',
    )
  }
  // A wrong option is a mistake in the host's code: it is told at once, not at the first request.
  checkOptions(input)

  // The standard output is the host's own.
  const references = Context.make(References.MinimumLogLevel, logLevel).pipe(
    Context.add(References.LogToStderr, true),
    Context.add(EventsLogged, true),
    Context.add(IdentityTokens, identityTokens(workloadToken, identityToken)),
    Context.add(ClientFeatures, fromHandlers({ onElicit, onSample })),
    // Spans that go nowhere are not made at all, neither here nor in the storages.
    Context.add(References.TracerEnabled, telemetry !== undefined),
  )
  const watching = (telemetry ?? Layer.empty).pipe(
    Layer.provideMerge(
      logFormat === "json" ? Logger.layer([Logger.withConsoleError(Logger.formatJson)]) : Layer.empty,
    ),
    Layer.provideMerge(Layer.succeedContext(references)),
  )
  const services = layerServices.pipe(
    Layer.provide(transports),
    Layer.provideMerge(layerPolicies(input)),
    Layer.provideMerge(stores),
    Layer.provideMerge(actor === "single-user" ? ActorResolver.layerSingleUser : ActorResolver.layer(actor)),
    Layer.provideMerge(watching),
  )
  // One memo map: the router and the promises below share one instance of every service.
  const memoMap = Layer.makeMemoMapUnsafe()
  const runtime = ManagedRuntime.make(services, { memoMap })
  const handler = makeWebHandler(services, { memoMap, references, telemetry: watching })
  let closing: Promise<void> | undefined

  const ready = runtime.runPromise(Effect.void)
  // Whoever does not wait for it sees the same failure at the first request.
  ready.catch(() => {})

  const run = <A, E>(
    actor: ActorInput,
    use: (actor: Actor) => Effect.Effect<A, E, Services>,
    signal?: AbortSignal,
  ): Promise<A> =>
    runtime.runPromise(Effect.flatMap(decodeActor(actor), use), signal === undefined ? undefined : { signal })

  const iterate = <A, E>(
    actor: ActorInput,
    use: (actor: Actor) => Effect.Effect<Stream.Stream<A>, E, Services>,
    signal?: AbortSignal,
  ): AsyncIterable<A> =>
    Stream.toAsyncIterableWith(
      Stream.unwrap(Effect.flatMap(decodeActor(actor), use)).pipe(
        Stream.provide(Layer.effectContext(runtime.contextEffect)),
        Stream.interruptWhen(signal === undefined ? Effect.never : aborted(signal)),
      ),
      references,
    )

  return {
    fetch: readsBodiesByMethod((request, hostRequest) =>
      closing === undefined ? handler.fetch(request, hostRequest) : Promise.resolve(closedResponse()),
    ),
    handles: handler.handles,
    servers: {
      create: (actor, input) =>
        run(actor, (actor) =>
          Effect.gen(function* () {
            const servers = yield* McpServers
            const catalog = yield* ToolCatalog
            const server = yield* servers.create(actor, yield* decodeCreate(input))
            yield* catalog.prepare(actor, server)
            return server
          }),
        ),
      get: (actor, id) => run(actor, (actor) => McpServers.use((servers) => servers.get(actor, id))),
      list: (actor, page) => run(actor, (actor) => McpServers.use((servers) => servers.list(actor, page))),
      update: (actor, id, input) =>
        run(actor, (actor) =>
          Effect.gen(function* () {
            const servers = yield* McpServers
            const catalog = yield* ToolCatalog
            const update = yield* decodeUpdate(input)
            const server = yield* servers.update(actor, id, update)
            if (update.config !== undefined) yield* catalog.prepareInBackground(actor, server)
            return server
          }),
        ),
      health: (actor, id) =>
        run(actor, (actor) =>
          Effect.gen(function* () {
            const servers = yield* McpServers
            const sessions = yield* SessionPool
            return yield* sessions.health(yield* servers.get(actor, id), actor)
          }),
        ),
      audit: (actor, id, page) => run(actor, (actor) => Audit.use((audit) => audit.list(actor, id, page))),
      signOut: (actor, id) => run(actor, (actor) => McpServers.use((servers) => servers.signOut(actor, id))),
      remove: (actor, id) => run(actor, (actor) => McpServers.use((servers) => servers.remove(actor, id))),
    },
    tools: {
      list: (actor, serverId) =>
        run(actor, (actor) => ToolCatalog.use((catalog) => catalog.list(actor, serverId))),
      get: (actor, serverId, toolId) =>
        run(actor, (actor) =>
          ToolCatalog.use((catalog) => Effect.map(catalog.get(actor, serverId, toolId), ({ tool }) => tool)),
        ),
      refresh: (actor, serverId) =>
        run(actor, (actor) => ToolCatalog.use((catalog) => catalog.refresh(actor, serverId))),
      approve: (actor, serverId, toolId, { fingerprint } = {}) =>
        run(actor, (actor) =>
          ToolCatalog.use((catalog) =>
            Effect.map(catalog.approve(actor, serverId, toolId, fingerprint), ({ tool }) => tool),
          ),
        ),
      run: (actor, serverId, toolId, args = {}, { signal } = {}) =>
        run(actor, (actor) => ToolRunner.use((runner) => runner.run(actor, serverId, toolId, args)), signal),
      follow: (actor, serverId, toolId, args = {}, { signal } = {}) =>
        iterate(
          actor,
          (actor) => ToolRunner.use((runner) => runner.follow(actor, serverId, toolId, args)),
          signal,
        ),
      for: async (actor, options) =>
        mooringAgentTools(
          await run(actor, (actor) => AgentTools.use((agentTools) => agentTools.for(actor, options))),
          (calling, signal) => run(actor, () => calling, signal),
        ),
    },
    connect: (actor, serverId) =>
      iterate(actor, (actor) => Connector.use((connector) => connector.connectServer(actor, serverId))),
    migrate: () => runtime.runPromise(Migrations.use(({ run }) => run)),
    ready,
    close: () => {
      closing ??= Promise.all([handler.dispose(), runtime.dispose()]).then(() => undefined)
      return closing
    },
  }
}

const aborted = (signal: AbortSignal): Effect.Effect<never, unknown> =>
  Effect.callback((resume) => {
    const abort = () => resume(Effect.fail(signal.reason))
    if (signal.aborted) return abort()
    signal.addEventListener("abort", abort, { once: true })
    return Effect.sync(() => signal.removeEventListener("abort", abort))
  })

// An option that is misspelt could be one that was meant to close something.
const checkOptions = Schema.decodeUnknownSync(OptionsSchema, { onExcessProperty: "error" })
const decodeCreate = Schema.decodeUnknownEffect(ServerInput)
const decodeUpdate = Schema.decodeUnknownEffect(ServerUpdate)

const closedResponse = () =>
  Response.json(errorBody("This Mooring is closed.", "closed"), {
    status: 503,
    headers: { "retry-after": "1" },
  })
