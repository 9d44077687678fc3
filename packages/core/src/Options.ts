import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { OAuthOptions } from "./oauth/OAuthOptions.ts"
import { EgressPolicy } from "./security/egress/EgressPolicy.ts"
import { StdioPolicyOption } from "./security/StdioPolicy.ts"

const bytes = (fallback: number, description: string) => amount(fallback, `${description} In bytes.`)
const millis = (fallback: number, description: string) => amount(fallback, `${description} In milliseconds.`)
const amount = (fallback: number, description: string) =>
  // A timer of Node's overflows past 2^31 - 1.
  Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 2 ** 31 - 1 }))
    .annotate({ description })
    .pipe(Schema.withDecodingDefault(Effect.succeed(fallback)))

const HostName = Schema.String.check(
  Schema.makeFilter((name) => URL.parse(`http://${name}`)?.hostname === name && !name.includes("*"), {
    expected: "a host name in lower case without a port, such as app.example.com or [::1]",
  }),
)
const Origin = Schema.String.check(
  Schema.makeFilter((origin) => URL.parse(origin)?.origin === origin && origin !== "null", {
    expected: "an origin such as https://console.example.com, without a path",
  }),
)

/** How large and how long anything may be. */
export const LimitsSchema = Schema.Struct({
  auditRecords: amount(
    10_000,
    "The newest runs of an MCP server that are kept in its audit, and as many other acts; of all servers of an organization that were deleted as many together.",
  ),
  requestBodyBytes: bytes(
    4 * 1024 * 1024,
    "The body of a request to the API; a larger one is answered with 413.",
  ),
  resultBytes: bytes(
    10 * 1024 * 1024,
    "The result of a tool as it is passed on; of a larger one the rest is left out and `truncated` is true.",
  ),
  connectTimeoutMs: millis(
    30_000,
    "From the start of a connection to an MCP server until it is ready: `npx` may have to download it first.",
  ),
  listTimeoutMs: millis(30_000, "For listing all the tools of an MCP server."),
  runTimeoutMs: millis(
    55_000,
    "For one run of a tool, connecting included. The API's clients give up after 60 s.",
  ),
  runMaxMs: millis(
    600_000,
    "For one run that is followed. It has `runTimeoutMs` from each sign of progress, and this in all.",
  ),
  runLogs: amount(1_000, "The log messages of one followed run that are passed on; the rest are counted."),
  runLogBytes: bytes(1024 * 1024, "The data of these log messages together."),
  oauthStepTimeoutMs: millis(
    10_000,
    "For each step of signing in to an MCP server: discovery, registration, tokens.",
  ),
  signInMs: millis(600_000, "How long a user may take to sign in to an MCP server."),
  createWaitMs: millis(10_000, "How long the answer to a create waits for the tools of the new server."),
  sessionIdleMs: millis(60_000, "How long a live session to an MCP server is kept when nobody uses it."),
  sessions: amount(
    1_000,
    "Live sessions to MCP servers on one node, of all users together. When that many are, an idle one of whoever has the most is closed for a new one.",
  ),
  sessionsPerActor: amount(
    100,
    "Those of them that one user has opened. When that many are, the user's own that has been idle for longest is closed for a new one.",
  ),
  connectsPerActor: amount(
    16,
    "Connects that one user follows on one node at once, those that wait for a sign-in included.",
  ),
  rememberedTools: amount(
    1_000,
    "Tools that a node keeps at hand with their servers, so that a warm run asks the store nothing.",
  ),
  rememberMs: millis(
    60_000,
    "How long such a tool is kept at hand at most. A change of another node is told by the store at once; this bounds what a lost word can do.",
  ),
  maxTools: amount(10_000, "The tools of one MCP server; those past it are left out."),
  maxToolPages: amount(1_000, "The pages of one list of tools."),
  maxJsonDepth: amount(
    256,
    "The nesting of arrays and objects in requests, in what MCP servers list and in results; what is deeper is refused or left out.",
  ),
  maxSchemaDepth: amount(64, "The nesting of a tool's input schema; a deeper one is marked `INVALID`."),
  maxSchemaNodes: amount(10_000, "The parts of a tool's input schema; a larger one is marked `INVALID`."),
  serverRequests: amount(
    32,
    "What an MCP server may ask for (forms, answers of a model, rounds of either) during one run, listing or connecting.",
  ),
  serverRequestBytes: bytes(256 * 1024, "What an MCP server asks for at once; a larger request is refused."),
  serverMessagesPerSecond: amount(
    1_000,
    "What an MCP server sends in one session without being asked, on average. A command is read no faster than that; who sends ten times as much over HTTP is hung up on.",
  ),
  stdioMessageBytes: bytes(10 * 1024 * 1024, "One message of a command's; a longer one ends the session."),
  stderrBytes: bytes(
    8 * 1024,
    "How much of what a command last wrote to its standard error is kept for messages.",
  ),
})

const rate = (description: string) =>
  Schema.optionalKey(
    Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 2 ** 31 - 1 })).annotate({ description }),
  )

/** How often somebody may ask within the window. What is left out has no limit. */
const Rates = Schema.Struct({
  requests: rate("Calls of any kind."),
  runs: rate("Runs of tools."),
  connects: rate("Connects, tests and refreshes: what asks an MCP server, apart from runs."),
  changes: rate("Servers that are registered, changed, deleted or signed out of."),
}).pipe(Schema.withDecodingDefault(Effect.succeed({})))

/** How often anybody may ask. */
export const RateLimitSchema = Schema.Struct({
  windowMs: millis(
    60_000,
    "The time in which as many calls may come as the rates say. They may come at once; one more is let in as the window's share for one passes.",
  ),
  user: Rates.annotate({ description: "For each user of each organization." }),
  organization: Rates.annotate({ description: "For all users of an organization together." }),
})

/** Every option of Mooring that is plain data, with its default. */
export const OptionsSchema = Schema.Struct({
  stdio: StdioPolicyOption.annotate({
    description: 'Which commands users may have started: "off", "any", or a list of exact commands.',
  }).pipe(Schema.withDecodingDefault(Effect.succeed("off" as const))),
  egress: EgressPolicy.annotate({
    description: "Which addresses MCP servers may be reached at, beside public ones by https.",
  }).pipe(Schema.withDecodingDefault(Effect.succeed({}))),
  maskSecrets: Schema.Boolean.annotate({
    description: "Answers leave out tokens and show •••• for header and environment values.",
  }).pipe(Schema.withDecodingDefault(Effect.succeed(false))),
  approveChangedTools: Schema.Boolean.annotate({
    description:
      "A tool that an MCP server adds or changes after its first listing is not run until somebody approves it.",
  }).pipe(Schema.withDecodingDefault(Effect.succeed(false))),
  audit: Schema.Literals(["all", "acts", "off"])
    .annotate({
      description:
        'What is recorded of who did what to MCP servers: all of it, all but runs of tools ("acts"), or nothing.',
    })
    .pipe(Schema.withDecodingDefault(Effect.succeed("all" as const))),
  publicUrl: Schema.optional(
    Schema.String.check(
      Schema.makeFilter((text) => URL.canParse(text), {
        expected: "a URL such as https://app.example.com/mcp",
      }),
    ).annotate({
      description:
        "The URL at which users reach the router, mount path included; the OpenAPI document names it.",
    }),
  ),
  allowedHosts: Schema.optional(
    Schema.Array(HostName).annotate({
      description:
        "The host names, without ports, by which requests may be addressed to the router, such as `app.example.com` or `[::1]`; others are answered with 403. A host without a sign-in of its own needs it, as any site can let its name point to it (DNS rebinding). Default: all.",
    }),
  ),
  allowedOrigins: Schema.Array(Origin)
    .annotate({
      description:
        "Origins, beside the router's own and that of `publicUrl`, whose pages may have browsers send requests that change something, such as `https://console.example.com`. Others are answered with 403.",
    })
    .pipe(Schema.withDecodingDefault(Effect.succeed([]))),
  oauth: OAuthOptions.pipe(Schema.withDecodingDefault(Effect.succeed({}))),
  rateLimit: RateLimitSchema.annotate({
    description:
      "How often a user and an organization may ask; one too many is answered with 429. Nodes that share a database count together.",
  }).pipe(Schema.withDecodingDefault(Effect.succeed({}))),
  limits: LimitsSchema.pipe(Schema.withDecodingDefault(Effect.succeed({}))),
})

/** The options as a host writes them: everything may be left out. */
export type OptionsInput = typeof OptionsSchema.Encoded

/** The options in force, defaults filled in. */
export class Options extends Context.Service<Options, typeof OptionsSchema.Type>()("@mooring/core/Options") {
  /** Fails where an option is not of its form; the message names it. */
  static readonly layer = (input: OptionsInput = {}) =>
    Layer.effect(Options, Schema.decodeUnknownEffect(OptionsSchema)(input))
}
