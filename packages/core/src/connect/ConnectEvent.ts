import * as Schema from "effect/Schema"
import { ToolDefinition } from "../tools/ToolDefinition.ts"

const event = <const Name extends string, Fields extends Schema.Struct.Fields>(name: Name, fields: Fields) =>
  Schema.Struct({ event: Schema.Literal(name), ...fields })

/** What happens while an MCP server is connected to, in the order in which it happens. The first is always `connection_attempt`; the last is `success` or `error`. */
export const ConnectEvent = Schema.Union([
  event("connection_attempt", { server_name: Schema.String }),
  /** Connected, with every page of the server's tools, as MCP defines them. */
  event("success", { tools: Schema.Array(ToolDefinition) }),
  /** The attempt has ended. `code` is a stable word for programs, `message` says what to do. */
  event("error", { message: Schema.String, code: Schema.String }),
  /** The server wants its user to authorize this. */
  event("oauth_required", { message: Schema.String }),
  /** Where the user is to be sent. */
  event("authorization_url", { url: Schema.String, session_id: Schema.String }),
  /** Until the user has answered there, on whichever node the answer arrives. */
  event("waiting_for_auth", { message: Schema.String }),
])
export type ConnectEvent = typeof ConnectEvent.Type
