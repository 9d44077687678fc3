import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type { RemoteConfig } from "../servers/ServerConfig.ts"

/** A header of the config could not be sent. The value is never part of the error. */
export class HeaderInvalid extends Schema.TaggedError<HeaderInvalid>()("HeaderInvalid", {
  /** The config's field that carries it. */
  field: Schema.Literals(["auth_header", "auth_token", "custom_headers"]),
  header: Schema.String,
  problem: Schema.String,
}) {
  override get message() {
    return `The header ${JSON.stringify(this.header.slice(0, 80))} ${this.problem}.`
  }
}

// RFC 9110, section 5.6.2: token.
const headerName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
// RFC 9110, section 5.5: visible characters, obs-text, space and tab.
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/
/** Set by the HTTP and MCP transports; a config that sets them would break the framing or another's session. */
const reserved = new Set([
  // Assigned to an object it would set no header.
  "__proto__",
  "connection",
  "content-length",
  "content-type",
  "accept",
  "host",
  "keep-alive",
  "mcp-protocol-version",
  "mcp-session-id",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
])

/** Checks the names and values of the headers that a config adds, before an HTTP library sees them. */
export const checkHeaders = Effect.fnUntraced(function* (config: RemoteConfig) {
  const given = [
    { field: "auth_token" as const, name: config.authHeader ?? "authorization", value: config.authToken },
    ...Object.entries(config.customHeaders ?? {}).map(([name, value]) => ({
      field: "custom_headers" as const,
      name,
      value,
    })),
  ]
  const names = new Set<string>()
  for (const { field, name, value } of given) {
    const nameField = field === "auth_token" ? "auth_header" : field
    if (!headerName.test(name)) {
      return yield* new HeaderInvalid({
        field: nameField,
        header: name,
        problem: "is not a name that HTTP allows",
      })
    }
    if (value !== null && names.size === names.add(name.toLowerCase()).size) {
      return yield* new HeaderInvalid({ field: nameField, header: name, problem: "is given twice" })
    }
    if (reserved.has(name.toLowerCase())) {
      return yield* new HeaderInvalid({ field: nameField, header: name, problem: "is set by Mooring itself" })
    }
    if (value !== null && !headerValue.test(Redacted.value(value))) {
      return yield* new HeaderInvalid({
        field,
        header: name,
        problem: "has a value with characters that HTTP does not allow, such as a line break",
      })
    }
  }
})
