import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { unprocessable } from "./ApiErrors.ts"
import { decodeBody } from "./decodeBody.ts"
import { createServerOf } from "./ServerWire.ts"

const decode = {
  stdio: decodeBody(createServerOf.stdio),
  sse: decodeBody(createServerOf.sse),
  streamable_http: decodeBody(createServerOf.streamable_http),
}

/**
 * Decodes the body of a create by the kind of server that it is for: what `mcp_server_type` says, or else what the
 * fields tell (`command` means stdio, `server_url` means streamable HTTP). Complaints are about that kind alone.
 */
export const decodeCreateServer = Effect.fnUntraced(function* (json: unknown) {
  const config = Predicate.isObject(json) ? json["config"] : undefined
  // Not an object: any kind tells what lacks.
  if (!Predicate.isObject(json) || !Predicate.isObject(config)) return yield* decode.streamable_http(json)
  const { command, mcp_server_type: type, server_url: serverUrl } = config

  if (type === undefined || type === null) {
    const isCommand = command !== undefined && command !== null
    const isUrl = serverUrl !== undefined && serverUrl !== null
    if (isCommand === isUrl) return yield* isCommand ? bothGiven : noneGiven
    const implied = isCommand ? "stdio" : "streamable_http"
    return yield* decode[implied]({ ...json, config: { ...config, mcp_server_type: implied } })
  }
  if (type !== "stdio" && type !== "sse" && type !== "streamable_http") return yield* unknownType
  return yield* decode[type](json)
})

const bothGiven = unprocessable([
  {
    loc: ["body", "config"],
    msg: "Has both command and server_url: give one of them, or say which is meant by mcp_server_type",
    type: "value_error",
  },
])
const noneGiven = unprocessable([
  {
    loc: ["body", "config"],
    msg: "Has neither command (for stdio) nor server_url (for sse and streamable_http)",
    type: "missing",
  },
])
const unknownType = unprocessable([
  {
    loc: ["body", "config", "mcp_server_type"],
    msg: 'Expected "stdio", "sse" or "streamable_http"',
    type: "union_tag_invalid",
  },
])
