import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { Actor } from "../actors/Actor.ts"
import type { ServerConfig } from "./ServerConfig.ts"

/** A `{{ NAME }}` in the server's config has neither a value for this actor nor a default. */
export class VariableMissing extends Schema.TaggedError<VariableMissing>()("VariableMissing", {
  name: Schema.String,
}) {
  override get message() {
    return `The variable ${this.name}, which this MCP server's config uses, has no value for you. Ask the host to set it, or write {{ ${this.name} | default }}.`
  }
}

type Secret = Redacted.Redacted<string>
type Secrets = Readonly<Record<string, Secret>>

// One run over the text without nested repetition, so that no text makes it slow.
const placeholder = /\{\{([^{}]*)\}\}/g

const known = new WeakMap<ServerConfig, boolean>()

/** Whether {@link fillVariables} has anything to fill. Most configs are filled for nobody, and every run asks. */
export const usesVariables = (config: ServerConfig): boolean => {
  const before = known.get(config)
  if (before !== undefined) return before
  const secrets =
    config.type === "stdio"
      ? Object.values(config.env ?? {})
      : [
          ...Object.values(config.customHeaders ?? {}),
          ...(config.authToken === null ? [] : [config.authToken]),
        ]
  const found = secrets.some((secret) => Redacted.value(secret).includes("{{"))
  known.set(config, found)
  return found
}

/**
 * Fills `{{ NAME }}` and `{{ NAME | default }}` in the token, header values and environment of a config from the
 * variables that the host passes for the actor.
 *
 * @returns the config to connect with, and what tells one actor's apart from another's: `undefined` where it is the
 *   same for all of the organization.
 */
export const fillVariables = (
  config: ServerConfig,
  actor: Actor,
): Result.Result<
  { readonly config: ServerConfig; readonly credential: Secret | undefined },
  VariableMissing
> => {
  const used: Array<string> = []
  let missing: string | undefined

  const fill = (secret: Secret): Secret => {
    const text = Redacted.value(secret)
    if (!text.includes("{{")) return secret
    return Redacted.make(
      text.replace(placeholder, (_, inner: string) => {
        const [before = "", ...rest] = inner.split("|")
        const name = before.trim()
        const variables = actor.variables ?? {}
        const given = Object.hasOwn(variables, name) ? variables[name] : undefined
        if (given === undefined && rest.length === 0) missing ??= name
        const value = given === undefined ? rest.join("|").trim() : Redacted.value(given)
        used.push(value)
        return value
      }),
    )
  }
  const fillAll = (secrets: Secrets | null): Secrets | null =>
    secrets === null
      ? null
      : Object.fromEntries(Object.entries(secrets).map(([name, secret]) => [name, fill(secret)]))

  const filled: ServerConfig =
    config.type === "stdio"
      ? { ...config, env: fillAll(config.env) }
      : {
          ...config,
          authToken: config.authToken === null ? null : fill(config.authToken),
          customHeaders: fillAll(config.customHeaders),
        }
  return missing === undefined
    ? Result.succeed({
        config: filled,
        // The user and what was filled in: a value that the host changes later is another credential.
        credential: used.length === 0 ? undefined : Redacted.make(JSON.stringify([actor.userId, ...used])),
      })
    : Result.fail(new VariableMissing({ name: missing }))
}
