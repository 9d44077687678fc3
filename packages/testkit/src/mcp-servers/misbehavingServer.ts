import { badScript, badScriptKinds } from "./badScript.ts"
import type { BadScriptKind } from "./badScript.ts"
import type { HttpTestServer, RecordedRequest } from "./HttpTestServer.ts"
import { listen } from "./listen.ts"
import type { NodeHandler } from "./listen.ts"
import { scriptedServer } from "./scriptedServer.ts"
import { wrongAnswerKinds, wrongAnswers } from "./wrongAnswers.ts"
import type { WrongAnswerKind } from "./wrongAnswers.ts"

/**
 * What a server over HTTP does wrong.
 *
 * | kind | what it does |
 * | --- | --- |
 * | `html` | answers 200 with a web page |
 * | `status_401` … `status_503` | answers every request so; 503 with `retry-after: 120` |
 * | `status_401_challenge` | 401 with `WWW-Authenticate`, naming metadata that is not there |
 * | `never_answers` | accepts the request and stays silent |
 * | `closes_socket` | closes the connection without a byte |
 * | `garbage_json_rpc`, `truncated_json` | JSON that is no JSON-RPC, and no JSON at all, with 200 |
 * | `endless_sse_comments` | an event stream without any event |
 * | `cross_origin_redirect` | 307 to a working server on another port, see {@link MisbehavingServer.redirected} |
 * | `hangs_at_tools_list` | connects, then stays silent |
 * | `endless_cursor`, `repeating_cursor` | a next page always, under a new or under the same cursor |
 * | `malformed_schema` | good tools `echo` and `ping` beside `bad_type` and `bad_properties` |
 * | `null_fields` | optional fields and the next cursor are null or of the wrong type: `null_description`, `number_title` |
 * | `duplicate_tool_names` | `ping` twice |
 * | `huge_descriptions` | 1 MiB (or `bytes`) for each tool |
 * | `invalid_tool_result` | a content part of a type that MCP does not have |
 * | `asks_for_input_again_and_again` | every call is answered with `input_required` (2026-07-28) |
 * | `not_found_after_tool_call` | 404 when a tool is called, though there is no session that could be over |
 * | `dies_in_tools_call` | closes the connection when a tool is called |
 * | `hangs_in_tools_call` | stays silent when a tool is called |
 * | `tools_call_stream_ends` | answers a call with an event stream that ends without the result |
 * | `huge_tool_result` | a result of 16 MiB (or `bytes`) |
 */
export type MisbehavingServerKind = WrongAnswerKind | BadScriptKind | "cross_origin_redirect"

/** All kinds of {@link misbehavingServer}, for tests over the lot. */
export const misbehavingServerKinds: ReadonlyArray<MisbehavingServerKind> = [
  ...wrongAnswerKinds,
  "cross_origin_redirect",
  ...badScriptKinds,
]

export interface MisbehavingServerOptions {
  /** The revision of the kinds to which a client connects: `initialize` (default), or 2026-07-28. */
  readonly era?: "legacy" | "modern"
  /** The size of what is huge. */
  readonly bytes?: number
}

export interface MisbehavingServer extends HttpTestServer {
  /** The requests that arrived at the other origin of `cross_origin_redirect`: none, unless a client followed. */
  readonly redirected: ReadonlyArray<RecordedRequest>
}

/** Starts an HTTP server that does one thing wrong, at `/mcp`; other paths are 404. */
export async function misbehavingServer(
  kind: MisbehavingServerKind,
  { era = "legacy", bytes }: MisbehavingServerOptions = {},
): Promise<MisbehavingServer> {
  const elsewhere = kind === "cross_origin_redirect" ? await listen(scriptedServer(era, {})) : undefined
  const handler = handlerOf(kind, era, bytes, elsewhere?.origin)
  const listener = await listen((request, response, body) => {
    if (request.url === "/mcp") return handler(request, response, body)
    response.writeHead(404).end()
  })
  const close = async () => {
    await listener.close()
    await elsewhere?.close()
  }
  return {
    url: `${listener.origin}/mcp`,
    requests: listener.requests,
    redirected: elsewhere?.requests ?? [],
    close,
    [Symbol.asyncDispose]: close,
  }
}

function handlerOf(
  kind: MisbehavingServerKind,
  era: "legacy" | "modern",
  bytes: number | undefined,
  otherOrigin: string | undefined,
): NodeHandler {
  if (kind === "cross_origin_redirect") return redirectTo(`${otherOrigin ?? ""}/mcp`)
  return isWrongAnswer(kind) ? wrongAnswers[kind] : scriptedServer(era, badScript(kind, bytes))
}

function isWrongAnswer(kind: MisbehavingServerKind): kind is WrongAnswerKind {
  return kind in wrongAnswers
}

function redirectTo(location: string): NodeHandler {
  return (_request, response) => {
    response.writeHead(307, { location }).end()
  }
}
