import {
  InsufficientScopeError,
  ProtocolError,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
  SseError,
  UnauthorizedError,
} from "@modelcontextprotocol/client"
import { AuthorizationFailed } from "../oauth/AuthorizationFailed.ts"
import { NetworkForbidden } from "../security/egress/NetworkForbidden.ts"
import { ResponseTooLarge } from "../security/egress/ResponseTooLarge.ts"
import type { ServerConfig } from "../servers/ServerConfig.ts"
import { type Challenge, noChallenge } from "../transport/Challenge.ts"
import type { TransportAuthorization } from "../transport/TransportAuthorization.ts"
import { canSignIn } from "./canSignIn.ts"
import { AuthorizationRequired, McpServerUnreachable } from "./ConnectError.ts"

/**
 * What a failure of the MCP client means for the user, by the chain of its {@link causes}. Bodies of HTTP answers are
 * left out: whoever registers a server must not read through us what a private network says.
 */
export const connectFailure = (
  server: {
    readonly name: string
    readonly config: ServerConfig
    readonly authorization: TransportAuthorization | undefined
  },
  chain: ReadonlyArray<unknown>,
  diagnostics: string | undefined,
  challenge: Challenge | undefined,
): AuthorizationFailed | AuthorizationRequired | McpServerUnreachable | NetworkForbidden => {
  const unrenewed = chain.find((error) => error instanceof AuthorizationFailed)
  if (unrenewed !== undefined) return unrenewed
  const forbidden = chain.find((error) => error instanceof NetworkForbidden)
  if (forbidden !== undefined) return forbidden
  const status = httpStatus(chain)
  // The client throws it wherever it was given no OAuth provider of its own kind, in place of the status.
  const wantsMore = chain.some((error) => error instanceof InsufficientScopeError)
  if (status === 401 || wantsMore || chain.some((error) => error instanceof UnauthorizedError)) {
    return new AuthorizationRequired({
      serverName: server.name,
      challenge: canSignIn(server) ? (challenge ?? noChallenge) : null,
    })
  }
  const problem =
    server.config.type === "stdio"
      ? commandProblem(server.config.command, chain, diagnostics)
      : remoteProblem(server.config.type, server.config.serverUrl, chain, status)
  return new McpServerUnreachable({
    serverName: server.name,
    problem,
    ...(status === undefined ? {} : { status }),
  })
}

/** The status of the HTTP answer that an error tells of. */
export const httpStatus = (chain: ReadonlyArray<unknown>): number | undefined => {
  for (const error of chain) {
    if (error instanceof SdkHttpError) return error.status
    if (error instanceof SseError && error.code !== undefined) return error.code
  }
  return undefined
}

/** The `code` of the system error at the bottom of it, such as `ECONNREFUSED`. */
export const systemCode = (chain: ReadonlyArray<unknown>): string | undefined => {
  for (const error of chain) {
    // The client's own errors carry codes of another kind.
    if (error instanceof SdkError || !(error instanceof Error) || !("code" in error)) continue
    if (typeof error.code === "string") return error.code
  }
  return undefined
}

const commandProblem = (
  command: string,
  chain: ReadonlyArray<unknown>,
  diagnostics: string | undefined,
): string => {
  const code = systemCode(chain)
  if (code === "ENOENT")
    return `The command ${JSON.stringify(command)} was not found on the host's machine. Check its name and that it is installed there.`
  if (code === "EACCES")
    return `The command ${JSON.stringify(command)} may not be run by the host's process. Check that it is executable.`
  if (code === "E2BIG") return "The arguments and variables are longer than the host's system allows."
  if (code === "EMFILE" || code === "ENFILE" || code === "EAGAIN") {
    return "The host has no resources left to start a command. Try again; when it persists, tell the host."
  }
  if (chain.some((error) => error instanceof ProtocolError))
    return "The command answers, but refused the connection. Check that it speaks a current version of MCP."
  return diagnostics === undefined
    ? "The command did not speak MCP on its standard output. Check its arguments."
    : `The command did not speak MCP: ${diagnostics}. Check its arguments and environment.`
}

const networkProblems: Readonly<Record<string, string>> = {
  ECONNREFUSED:
    "Nothing listens at that address (connection refused). Check the URL and that the server is running.",
  ENOTFOUND: "The name of the host was not found. Check the URL.",
  EAI_AGAIN: "The name of the host could not be looked up just now. Try again.",
  ECONNRESET:
    "The connection was closed before an answer came. Try again; when it persists, look at the server's log.",
  EHOSTUNREACH: "There is no route to that address.",
  ENETUNREACH: "There is no route to that address.",
  ETIMEDOUT: "Nothing answered at that address in time. Check the URL and that the server is running.",
  UND_ERR_CONNECT_TIMEOUT:
    "Nothing answered at that address in time. Check the URL and that the server is running.",
  UND_ERR_SOCKET:
    "The connection was closed before an answer came. Try again; when it persists, look at the server's log.",
}

const remoteProblem = (
  type: "sse" | "streamable_http",
  serverUrl: string,
  chain: ReadonlyArray<unknown>,
  status: number | undefined,
): string => {
  const at = URL.canParse(serverUrl) ? ` (${new URL(serverUrl).origin})` : ""
  const code = systemCode(chain)
  const network = code === undefined ? undefined : networkProblems[code]
  if (network !== undefined) return `${network}${at}`
  if (chain.some((error) => error instanceof ResponseTooLarge))
    return `Its answer is larger than this host accepts.${at}`
  if (status !== undefined && status >= 300)
    return `It answered HTTP ${status}${statusAdvice(type, status)}${at}`
  if (chain.some((error) => error instanceof ProtocolError)) {
    return `It answers, but refused the connection. Check that it speaks a current version of MCP.${at}`
  }
  const other = type === "sse" ? "streamable_http" : "sse"
  return `What answered does not speak MCP over ${type}. Check the path of the URL, and whether the server speaks ${other} instead.${at}`
}

const statusAdvice = (type: "sse" | "streamable_http", status: number): string => {
  if (status === 403) return ": it does not let you in. Check the token and the headers."
  if (status === 404 || status === 405) {
    const other = type === "sse" ? "streamable_http" : "sse"
    return `. Check the path of the URL, and whether the server speaks ${other} instead.`
  }
  if (status < 400) return ": it redirects elsewhere. Register the URL that it redirects to."
  if (status === 429) return ": it is asked too often. Try again later."
  return status >= 500
    ? ": it has a fault of its own. Try again later."
    : ". Check the URL, the token and the headers."
}

/** Whether the MCP client gave up waiting. */
export const isClientTimeout = (chain: ReadonlyArray<unknown>): boolean =>
  chain.some((error) => error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout)
