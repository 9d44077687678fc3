import type { JsonObject } from "../../mcp-servers/TestTool.ts"
import type { OAuthRequest } from "../OAuthRequest.ts"
import type { ProtectedMcpServerOptions } from "../ProtectedMcpServerOptions.ts"

/** An answer in JSON that a well-behaved server would give. */
export interface OAuthAnswer {
  readonly status: number
  readonly body: JsonObject
}

/** Replaces an answer. The right one is only worked out, with all that follows from it, if it is asked for. */
export type AnswerFault = (request: OAuthRequest, right: () => OAuthAnswer) => Response | Promise<Response>

/** What a misbehaving authorization server does otherwise than a small and good one. */
export interface OAuthFaults {
  readonly metadata?: AnswerFault
  readonly registration?: AnswerFault
  /** Changes the parameters with which the user is sent back. */
  readonly callback?: (parameters: Readonly<Record<string, string>>) => Readonly<Record<string, string>>
  /** The token request that brings a code. */
  readonly code?: AnswerFault
  /** The token request that brings a refresh token. */
  readonly refresh?: AnswerFault
  readonly revocation?: AnswerFault
  /** How clients that register have to authenticate, with the secret that they get. Default: `none`. */
  readonly authMethod?: "client_secret_basic" | "client_secret_post"
  /** Leaves refresh tokens as they are, in place of giving a new one each time. */
  readonly keepsRefreshToken?: boolean
  /** What the MCP server does otherwise that points to it. */
  readonly resource?: Pick<ProtectedMcpServerOptions, "challenge" | "resourceMetadata">
  /** The endpoints are at the MCP server's origin too, where a client looks that guesses (MCP 2025-03-26). */
  readonly isAtResource?: boolean
}

/** Where a fault happens. */
export interface FaultScene {
  /** Another origin, which takes whatever it gets, and gives tokens for it. */
  readonly otherOrigin: string
  /** The size of what is huge. */
  readonly bytes: number
}

/** One kind of misbehaviour. */
export type OAuthFault = (scene: FaultScene) => OAuthFaults
