import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import type { Actor } from "../actors/Actor.ts"
import { Options } from "../Options.ts"
import type { McpServerNotFound } from "../servers/McpServerNotFound.ts"
import type { McpServer } from "../servers/McpServer.ts"
import { McpServers } from "../servers/McpServers.ts"
import type { RateLimited } from "../rateLimits/RateLimited.ts"
import type { StoreError } from "../storage/StoreError.ts"
import type { McpTool } from "../tools/McpTool.ts"
import { ToolCatalog } from "../tools/ToolCatalog.ts"
import { failedExecution, type ToolExecution } from "../tools/ToolExecution.ts"
import { type RunError, ToolRunner } from "../tools/ToolRunner.ts"
import type { AgentTool, LeftOutTool } from "./AgentTool.ts"
import { assignNames, planNames } from "./agentToolNames.ts"
import { decodeArguments } from "./decodeArguments.ts"
import { cut, offerSchema, type OfferedSchema } from "./offerSchema.ts"
import { strictSchema } from "./strictSchema.ts"
import { whyLeftOut } from "./whyLeftOut.ts"

/** The characters of a schema that is offered. One of megabytes would make every request to the provider fail. */
const maxSchemaLength = 100_000

/** Which tools a model is offered, and how. */
export interface AgentToolsOptions {
  /** The servers, by id. Default: all of the actor's organization. */
  readonly serverIds?: ReadonlyArray<string> | undefined
  /** Whether a tool is offered. Default: every one. */
  readonly filter?: ((tool: McpTool, server: AgentTool["server"]) => boolean) | undefined
  /** The characters of a description; more are cut. Default: 1,024, which is what all providers take. */
  readonly maxDescription?: number | undefined
}

/** What came of a model's call. */
export interface AgentCall {
  /** To be told to the model, whatever happened. */
  readonly execution: ToolExecution
  /** Why the tool was certainly not called, where the host can do something about it: `AuthorizationRequired`, say. */
  readonly error: Exclude<RunError, StoreError> | undefined
}

/** The tools that a model is offered at one time, and their calls. */
export interface AgentToolset {
  readonly tools: ReadonlyArray<AgentTool>
  readonly leftOut: ReadonlyArray<LeftOutTool>
  /** @param args as the model gave them: an object, or its JSON. */
  readonly call: (name: string, args: unknown) => Effect.Effect<AgentCall, StoreError>
}

/** The tools of an actor's MCP servers, for models. */
export class AgentTools extends Context.Service<
  AgentTools,
  {
    /** The tools as they are stored now; no MCP server is asked. */
    readonly for: (
      actor: Actor,
      options?: AgentToolsOptions,
    ) => Effect.Effect<AgentToolset, McpServerNotFound | RateLimited | StoreError>
  }
>()("@mooring/core/agents/AgentTools") {
  static readonly layer = Layer.effect(
    AgentTools,
    Effect.gen(function* () {
      const servers = yield* McpServers
      const catalog = yield* ToolCatalog
      const runner = yield* ToolRunner
      const { approveChangedTools, limits } = yield* Options

      const toolsOf = (actor: Actor, { id, name }: McpServer, isNamed: boolean) =>
        catalog.list(actor, id).pipe(
          Effect.map((tools) => tools.map((tool) => ({ server: { id, name }, tool }))),
          // It has been removed since the servers were listed.
          Effect.catchTag("McpServerNotFound", (error) =>
            isNamed ? Effect.fail(error) : Effect.succeed([]),
          ),
        )

      const serversOf = (actor: Actor, ids: ReadonlyArray<string> | undefined) =>
        ids === undefined
          ? servers.list(actor)
          : Effect.forEach(new Set(ids), (id) => servers.get(actor, id), { concurrency: 8 })

      const listed = Effect.fnUntraced(function* (actor: Actor, ids: ReadonlyArray<string> | undefined) {
        const lists = yield* Effect.forEach(
          yield* serversOf(actor, ids),
          (server) => toolsOf(actor, server, ids !== undefined),
          { concurrency: 8 },
        )
        return lists.flat()
      })

      const forActor = Effect.fnUntraced(function* (actor: Actor, options: AgentToolsOptions = {}) {
        const { filter = () => true, maxDescription = 1_024, serverIds } = options
        const leftOut: Array<LeftOutTool> = []
        const offered = (yield* listed(actor, serverIds)).flatMap((origin) => {
          const { server, tool } = origin
          const { description, inputSchema, title } = tool.definition
          const reason =
            whyLeftOut(tool, approveChangedTools) ?? (filter(tool, server) ? undefined : "filtered")
          if (reason !== undefined || !Predicate.isObject(inputSchema)) {
            leftOut.push({ ...origin, reason: reason ?? "invalid_schema" })
            return []
          }
          const schema = offerSchema(inputSchema, maxDescription)
          if (JSON.stringify(schema.schema).length > maxSchemaLength) {
            leftOut.push({ ...origin, reason: "too_large" })
            return []
          }
          return [{ ...origin, description: cut(description ?? title ?? "", maxDescription), schema }]
        })
        const names = yield* namesOf(offered)

        const schemas = new Map<string, OfferedSchema & AgentTool>()
        for (const [index, { description, schema, server, tool }] of offered.entries()) {
          const name = names[index]
          if (name === undefined) leftOut.push({ server, tool, reason: "no_name_left" })
          else schemas.set(name, { ...schema, name, description, inputSchema: schema.schema, server, tool })
        }

        const call = Effect.fnUntraced(function* (name: string, args: unknown) {
          const known = schemas.get(name)
          if (known === undefined)
            return told(`There is no tool of the name ${JSON.stringify(cut(name, 64))}.`)
          const decoded = decodeArguments(args, limits.maxJsonDepth)
          if (decoded === undefined) return told("The arguments are not a JSON object.")
          const restored = known.restore(strictSchema(known.inputSchema)?.restore(decoded) ?? decoded)
          return yield* runner.run(actor, known.server.id, known.tool.id, restored).pipe(
            Effect.map((execution): AgentCall => ({ execution, error: undefined })),
            Effect.catchIf(
              (error): error is Exclude<RunError, StoreError> => error._tag !== "StoreError",
              (error) => Effect.succeed(told(error.message, error)),
            ),
          )
        })
        const told = (problem: string, error?: AgentCall["error"]): AgentCall => ({
          execution: failedExecution(problem, limits),
          error,
        })

        const tools = [...schemas.values()].map(
          ({ description, inputSchema, name, server, tool }): AgentTool => ({
            name,
            description,
            inputSchema,
            server,
            tool,
          }),
        )
        return { tools, leftOut, call } satisfies AgentToolset
      })

      return AgentTools.of({ for: forActor })
    }),
  )
}

const namesOf = Effect.fnUntraced(function* (offered: ReadonlyArray<Pick<AgentTool, "server" | "tool">>) {
  const plan = planNames(
    offered.map(({ server, tool }) => ({ serverName: server.name, toolName: tool.definition.name })),
  )
  const digests = yield* Effect.forEach(offered, ({ server, tool }, index) =>
    plan[index]?.needsDigest === true
      ? sha256(`${server.id}\n${tool.definition.name}`)
      : Effect.succeed(undefined),
  )
  return assignNames(plan, digests)
})

const sha256 = (text: string): Effect.Effect<string> =>
  Effect.map(
    Effect.promise(() => globalThis.crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))),
    (hash) => Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join(""),
  )
