import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { applyOAuthUpdate, ServerOAuthUpdate } from "./applyOAuthUpdate.ts"
import { InvalidServerConfig } from "./InvalidServerConfig.ts"
import {
  Command,
  Environment,
  ProcessText,
  type RemoteConfig,
  type ServerConfig,
  type StdioConfig,
} from "./ServerConfig.ts"

type Secret = Redacted.Redacted<string>
type Secrets = Readonly<Record<string, Secret>>

const field = <S extends Schema.Constraint>(schema: S) => Schema.optional(Schema.NullOr(schema))

/**
 * A change of a stored config. A field that is absent stays; `null` clears an optional field and keeps a
 * required one (`command`, `args`, `serverUrl`). Fields of another kind of server than the resulting one are ignored.
 */
export const ServerConfigUpdate = Schema.Struct({
  /** Another type than the stored one replaces the whole config, which must then be complete. */
  type: field(Schema.Literals(["stdio", "sse", "streamable_http"])),
  command: field(Command),
  args: field(Schema.Array(ProcessText)),
  env: field(Environment),
  serverUrl: field(Schema.NonEmptyString),
  authHeader: field(Schema.String),
  authToken: field(Schema.RedactedFromValue(Schema.String)),
  customHeaders: field(Schema.Record(Schema.String, Schema.RedactedFromValue(Schema.String))),
  oauth: field(ServerOAuthUpdate),
})
export interface ServerConfigUpdate extends Schema.Schema.Type<typeof ServerConfigUpdate> {}

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
): Result.Result<ServerConfig, InvalidServerConfig> => {
  const type = update.type ?? impliedType(stored, update)
  if (type === "both") {
    return Result.fail(
      new InvalidServerConfig({
        field: "command",
        problem: "cannot be given together with server_url: say which is meant by mcp_server_type",
      }),
    )
  }
  return Result.flatMap(
    fillMasks(stored, type, update, maskSecrets),
    (filled): Result.Result<ServerConfig, InvalidServerConfig> =>
      type === "stdio"
        ? stdio(stored.type === "stdio" ? stored : undefined, filled, maskSecrets)
        : remote(type, stored.type === type ? stored : undefined, filled, maskSecrets),
  )
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
  maskSecrets: boolean,
): Result.Result<StdioConfig, InvalidServerConfig> => {
  const command = update.command ?? stored?.command
  if (command === undefined) return missing("command")
  const args = update.args ?? stored?.args
  if (args === undefined) return missing("args")
  const env = update.env === undefined ? (stored?.env ?? null) : update.env
  if (
    maskSecrets &&
    stored !== undefined &&
    keepsOne(stored.env, env) &&
    (runsAnother(stored, command, args) || changesOne(stored.env, env))
  ) {
    return Result.fail(
      new InvalidServerConfig({
        field: "env",
        problem:
          "must be given anew, whole, with another command, arguments or variables, which could tell what is in it",
      }),
    )
  }
  return Result.succeed({ type: "stdio", command, args, env })
}

const runsAnother = (stored: StdioConfig, command: string, args: ReadonlyArray<string>): boolean =>
  stored.command !== command ||
  stored.args.length !== args.length ||
  stored.args.some((argument, index) => argument !== args[index])

const remote = (
  type: RemoteConfig["type"],
  stored: RemoteConfig | undefined,
  update: ServerConfigUpdate,
  maskSecrets: boolean,
): Result.Result<RemoteConfig, InvalidServerConfig> => {
  const serverUrl = update.serverUrl ?? stored?.serverUrl
  if (serverUrl === undefined) return missing("server_url")

  const isSameOrigin = stored === undefined || sameOrigin(stored.serverUrl, serverUrl)
  const oauth = applyOAuthUpdate(stored?.oauth ?? null, update.oauth, isSameOrigin)
  if (Result.isFailure(oauth)) return Result.fail(oauth.failure)

  const next: RemoteConfig = {
    type,
    serverUrl,
    authHeader: update.authHeader === undefined ? (stored?.authHeader ?? null) : update.authHeader,
    authToken: update.authToken === undefined ? (stored?.authToken ?? null) : update.authToken,
    customHeaders:
      update.customHeaders === undefined ? (stored?.customHeaders ?? null) : update.customHeaders,
    oauth: oauth.success,
  }
  if (maskSecrets && stored !== undefined && !isSameOrigin && keepsSecret(stored, next)) {
    return Result.fail(
      new InvalidServerConfig({
        field: "server_url",
        problem: "moves to another origin: give the token and the header values anew with it",
      }),
    )
  }
  return Result.succeed(next)
}

const missing = (field: string): Result.Result<never, InvalidServerConfig> =>
  Result.fail(
    new InvalidServerConfig({
      field,
      problem: "is required, because this update makes another kind of server of it",
    }),
  )

/** Puts stored secrets in the place of the masks that stand for them, where this host shows masks. */
const fillMasks = (
  stored: ServerConfig,
  type: ServerConfig["type"],
  update: ServerConfigUpdate,
  maskSecrets: boolean,
): Result.Result<ServerConfigUpdate, InvalidServerConfig> => {
  if (!maskSecrets) return Result.succeed(update)
  // A config of another type replaces the stored one whole: none of its secrets goes over.
  const remote = stored.type === "stdio" || stored.type !== type ? undefined : stored
  const storedEnv = stored.type === "stdio" && type === "stdio" ? stored.env : undefined
  const authToken = fillMask(update.authToken, remote?.authToken)
  if (authToken === "unknown") return unknownMask("auth_token")
  const customHeaders = fillAllMasks(update.customHeaders, remote?.customHeaders)
  if (customHeaders === "unknown") return unknownMask("custom_headers")
  const env = fillAllMasks(update.env, storedEnv)
  if (env === "unknown") return unknownMask("env")
  return Result.succeed({ ...update, authToken, customHeaders, env })
}

const fillMask = (given: Secret | null | undefined, stored: Secret | null | undefined) => {
  if (given === null || given === undefined || Redacted.value(given) !== mask) return given
  return stored ?? "unknown"
}

const fillAllMasks = (given: Secrets | null | undefined, stored: Secrets | null | undefined) => {
  if (given === null || given === undefined) return given
  const filled: Record<string, Secret> = {}
  for (const [name, value] of Object.entries(given)) {
    // Only what was stored under that very name: "constructor" is a property of every object.
    const known =
      stored !== null && stored !== undefined && Object.hasOwn(stored, name) ? stored[name] : undefined
    const secret = fillMask(value, known)
    if (secret === "unknown" || secret === null || secret === undefined) return "unknown"
    filled[name] = secret
  }
  return filled
}

const unknownMask = (field: string): Result.Result<never, InvalidServerConfig> =>
  Result.fail(
    new InvalidServerConfig({
      field,
      problem: `has ${mask} in the place of a value that is not stored: give the value`,
    }),
  )

/** Whether a new config holds the mask itself, which no host can have meant. */
export const holdsMask = (config: ServerConfig): boolean => {
  const secrets =
    config.type === "stdio"
      ? Object.values(config.env ?? {})
      : [
          ...Object.values(config.customHeaders ?? {}),
          ...(config.authToken === null ? [] : [config.authToken]),
        ]
  return secrets.some((secret) => Redacted.value(secret) === mask)
}

const sameOrigin = (one: string, other: string): boolean =>
  URL.canParse(one) && URL.canParse(other) && new URL(one).origin === new URL(other).origin

const keepsSecret = (stored: RemoteConfig, next: RemoteConfig): boolean =>
  (next.authToken !== null && next.authToken === stored.authToken) ||
  keepsOne(stored.customHeaders, next.customHeaders)

const keepsOne = (stored: Secrets | null, next: Secrets | null): boolean =>
  Object.entries(next ?? {}).some(([name, value]) => stored?.[name] === value)

const changesOne = (stored: Secrets | null, next: Secrets | null): boolean =>
  Object.entries(next ?? {}).some(([name, value]) => stored?.[name] !== value)
