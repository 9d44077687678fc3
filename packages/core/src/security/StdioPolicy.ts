import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type { StdioConfig } from "../servers/ServerConfig.ts"

/** One command that the host allows, whole: the program, its arguments, and the names of variables a user may set. */
export const StdioTemplate = Schema.Struct({
  command: Schema.NonEmptyString,
  args: Schema.Array(Schema.String),
  /** Environment variables whose values a user may choose. Default: none. */
  env: Schema.optionalKey(Schema.Array(Schema.String)),
})
export type StdioTemplate = typeof StdioTemplate.Type

/**
 * Which commands users may have started on the host's machine. `"off"`: none. `"any"`: every one, which gives each
 * user the rights of the host's process, and is for hosts with a single tenant. A list: exactly these, arguments
 * included. (A list of program names would be no limit: `npx -c` and `python -c` run anything.)
 */
export const StdioPolicyOption = Schema.Union([Schema.Literals(["off", "any"]), Schema.Array(StdioTemplate)])
export type StdioPolicyOption = typeof StdioPolicyOption.Type

/** The host's policy does not let this command be started. */
export class StdioForbidden extends Schema.TaggedError<StdioForbidden>()("StdioForbidden", {
  code: Schema.Literals(["stdio_disabled", "stdio_forbidden"]),
}) {
  override get message() {
    return this.code === "stdio_disabled"
      ? 'This host starts no commands (stdio is off). Register the MCP server by its URL, or ask the host to set its option "stdio".'
      : 'This host starts only commands that its option "stdio" lists, with exactly their arguments and environment variables. Ask the host to list this one.'
  }
}

/** Decides whether a command may be started: when a server is registered, changed, connected or run alike. */
export class StdioPolicy extends Context.Service<
  StdioPolicy,
  { readonly check: (config: StdioConfig) => Effect.Effect<void, StdioForbidden> }
>()("@mooring/core/security/StdioPolicy") {
  static readonly layer = (policy: StdioPolicyOption) =>
    Layer.succeed(
      StdioPolicy,
      StdioPolicy.of({
        check: (config) => {
          const refusal = refuse(policy, config)
          return refusal === undefined ? Effect.void : Effect.fail(new StdioForbidden({ code: refusal }))
        },
      }),
    )
}

const refuse = (policy: StdioPolicyOption, config: StdioConfig): StdioForbidden["code"] | undefined => {
  if (policy === "any") return undefined
  if (policy === "off") return "stdio_disabled"
  return policy.some((template) => fits(template, config)) ? undefined : "stdio_forbidden"
}

const fits = (template: StdioTemplate, config: StdioConfig): boolean =>
  template.command === config.command &&
  template.args.length === config.args.length &&
  template.args.every((argument, index) => argument === config.args[index]) &&
  Object.keys(config.env ?? {}).every((name) => template.env?.includes(name) === true)
