import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { RemoteConfig, ServerConfig, StdioConfig } from "./ServerConfig.ts"

type Secret = Redacted.Redacted<string>
type Secrets = Readonly<Record<string, Secret>>

/**
 * A change of a stored config. A field that is absent stays; `null` clears an optional field and keeps a
 * required one (`command`, `args`, `serverUrl`). Fields of another kind of server than the resulting one are ignored.
 */
export interface ServerConfigUpdate {
  /** Another type than the stored one replaces the whole config, which must then be complete. */
  readonly type?: ServerConfig["type"] | null | undefined
  readonly command?: string | null | undefined
  readonly args?: ReadonlyArray<string> | null | undefined
  readonly env?: Secrets | null | undefined
  readonly serverUrl?: string | null | undefined
  readonly authHeader?: string | null | undefined
  readonly authToken?: Secret | null | undefined
  readonly customHeaders?: Secrets | null | undefined
}

/** The update does not lead to a complete config. */
export class InvalidServerConfigUpdate extends Schema.TaggedError<InvalidServerConfigUpdate>()(
  "InvalidServerConfigUpdate",
  { field: Schema.String, problem: Schema.String },
) {
  override get message() {
    return `${this.field}: ${this.problem}`
  }
}

/** What stands for a secret in answers of a host with the option `maskSecrets`; handed back, it keeps the value. */
export const mask = "••••"

/**
 * The config that an update makes of the stored one.
 *
 * @param maskSecrets whether this host shows masks. Where it does, nobody who can edit a server but not read its
 *   secrets may have them sent elsewhere: a change of origin must bring the secrets anew.
 */
export const applyConfigUpdate = (
  stored: ServerConfig,
  update: ServerConfigUpdate,
  maskSecrets: boolean,
): Result.Result<ServerConfig, InvalidServerConfigUpdate> => {
  const type = update.type ?? impliedType(stored, update)
  if (type === "both") {
    return Result.fail(
      new InvalidServerConfigUpdate({
        field: "command",
        problem: "cannot be given together with server_url: say which is meant by mcp_server_type",
      }),
    )
  }
  const same = stored.type === type
  return type === "stdio"
    ? stdio(same && stored.type === "stdio" ? stored : undefined, update)
    : remote(type, same && stored.type !== "stdio" ? stored : undefined, update, maskSecrets)
}

/** Without a type an update is for the stored kind, unless it gives what only the other kind has. */
const impliedType = (stored: ServerConfig, update: ServerConfigUpdate): ServerConfig["type"] | "both" => {
  const isCommand = update.command !== undefined && update.command !== null
  const isUrl = update.serverUrl !== undefined && update.serverUrl !== null
  if (isCommand && isUrl) return "both"
  if (isCommand) return "stdio"
  return isUrl && stored.type === "stdio" ? "streamable_http" : stored.type
}

const stdio = (
  stored: StdioConfig | undefined,
  update: ServerConfigUpdate,
): Result.Result<StdioConfig, InvalidServerConfigUpdate> => {
  const command = update.command ?? stored?.command
  if (command === undefined) return missing("command")
  const args = update.args ?? stored?.args
  if (args === undefined) return missing("args")
  return Result.succeed({ type: "stdio", command, args, env: secrets(update.env, stored?.env) })
}

const remote = (
  type: RemoteConfig["type"],
  stored: RemoteConfig | undefined,
  update: ServerConfigUpdate,
  maskSecrets: boolean,
): Result.Result<RemoteConfig, InvalidServerConfigUpdate> => {
  const serverUrl = update.serverUrl ?? stored?.serverUrl
  if (serverUrl === undefined) return missing("server_url")

  const next: RemoteConfig = {
    type,
    serverUrl,
    authHeader: update.authHeader === undefined ? (stored?.authHeader ?? null) : update.authHeader,
    authToken: secret(update.authToken, stored?.authToken),
    customHeaders: secrets(update.customHeaders, stored?.customHeaders),
  }
  if (
    maskSecrets &&
    stored !== undefined &&
    !sameOrigin(stored.serverUrl, serverUrl) &&
    keepsSecret(stored, next)
  ) {
    return Result.fail(
      new InvalidServerConfigUpdate({
        field: "server_url",
        problem: "moves to another origin: give the token and the header values anew with it",
      }),
    )
  }
  return Result.succeed(next)
}

const missing = (field: string): Result.Result<never, InvalidServerConfigUpdate> =>
  Result.fail(
    new InvalidServerConfigUpdate({
      field,
      problem: "is required, because this update changes the type of the server",
    }),
  )

const secret = (given: Secret | null | undefined, stored: Secret | null | undefined): Secret | null => {
  if (given === undefined || (given !== null && Redacted.value(given) === mask)) return stored ?? null
  return given
}

const secrets = (given: Secrets | null | undefined, stored: Secrets | null | undefined): Secrets | null => {
  if (given === undefined) return stored ?? null
  if (given === null) return null
  const kept = Object.entries(given).flatMap(([name, value]): ReadonlyArray<readonly [string, Secret]> => {
    if (Redacted.value(value) !== mask) return [[name, value]]
    const known = stored?.[name]
    return known === undefined ? [] : [[name, known]]
  })
  return Object.fromEntries(kept)
}

const sameOrigin = (one: string, other: string): boolean =>
  URL.canParse(one) && URL.canParse(other) && new URL(one).origin === new URL(other).origin

const keepsSecret = (stored: RemoteConfig, next: RemoteConfig): boolean =>
  (next.authToken !== null && next.authToken === stored.authToken) ||
  Object.entries(next.customHeaders ?? {}).some(([name, value]) => stored.customHeaders?.[name] === value)
