import * as Redacted from "effect/Redacted"
import type { RemoteConfig } from "../servers/ServerConfig.ts"

/**
 * The headers that a config adds to requests to the MCP server. A bare token in the `Authorization` header is sent
 * as `Bearer <token>` (RFC 6750, section 2.1); one that names its scheme, or is for another header, goes as it is.
 */
export const requestHeaders = (config: RemoteConfig): Record<string, string> => {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(config.customHeaders ?? {}))
    headers[name] = Redacted.value(value)
  if (config.authToken !== null) {
    const name = config.authHeader ?? "Authorization"
    const token = Redacted.value(config.authToken)
    const bare = name.toLowerCase() === "authorization" && !/\s/.test(token)
    headers[name] = bare ? `Bearer ${token}` : token
  }
  return headers
}
