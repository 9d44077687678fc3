import type { HttpTestServerOptions, McpTestServer } from "../mcp-servers/TestServerOptions.ts"
import type { JsonObject } from "../mcp-servers/TestTool.ts"
import type { AccessTokens } from "./AccessTokens.ts"

/** What a protected MCP server can be told, beside what every MCP server for tests can. */
export interface ProtectedMcpServerOptions extends HttpTestServerOptions {
  /** Who gives the tokens: an `authorizationServer`. */
  readonly authorizationServer: AccessTokens
  /** The server that is protected. Default: `legacyServer`; `modernServer` and `legacySseServer` do as well. */
  readonly start?: (options: HttpTestServerOptions) => Promise<McpTestServer>
  /** The `scope` of the challenge of a 401. Default: none. */
  readonly challengeScope?: string
  /** `scopes_supported` of the metadata. Default: not there. */
  readonly scopes?: ReadonlyArray<string>
  /** The scope that a tool demands, by the tool's name: without it, its call is 403 with `insufficient_scope`. */
  readonly toolScopes?: Readonly<Record<string, string>>
  /** Whether a token is wanted for calls of tools alone: everybody may connect and list them. Default: false. */
  readonly listsOpenly?: boolean
  /** The nonce that it demands in proofs with bound tokens (RFC 9449, section 9), asked for at each request. Default: none. */
  readonly dpopNonce?: () => string
  /** Changes the challenge of a 401; undefined leaves the header out. */
  readonly challenge?: (challenge: string) => string | undefined
  /** Changes the metadata (RFC 9728); undefined makes it 404. */
  readonly resourceMetadata?: (metadata: JsonObject) => JsonObject | undefined
  /** The time by which tokens expire, in milliseconds since 1970. Default: `Date.now`. */
  readonly now?: () => number
}
