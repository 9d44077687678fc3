import * as Predicate from "effect/Predicate"

/**
 * Whether the parameters that a tool wants to see in headers may be sent there (MCP 2026-07-28, basic/transports,
 * `x-mcp-header`). A tool of which one may not has to be left out: a client that sent it could be led to any header.
 */
export const hasValidHeaderParameters = (inputSchema: unknown): boolean => {
  const names = new Set<string>()
  const isValid = (node: unknown, isReachable: boolean): boolean => {
    if (Array.isArray(node)) return node.every((item) => isValid(item, false))
    if (!Predicate.isObject(node)) return true
    if ("x-mcp-header" in node) {
      const { type, "x-mcp-header": name } = node
      if (!isReachable || typeof name !== "string" || !token.test(name)) return false
      if (type !== "string" && type !== "integer" && type !== "boolean") return false
      if (names.has(name.toLowerCase())) return false
      names.add(name.toLowerCase())
    }
    return Object.entries(node).every(([key, value]) => {
      if (key === "properties" && Predicate.isObject(value)) {
        // A parameter may have the name of a keyword.
        return Object.values(value).every((child) => isValid(child, isReachable))
      }
      // What is an example or a default is data.
      return dataKeywords.has(key) || isValid(value, false)
    })
  }
  return isValid(inputSchema, true) && !(Predicate.isObject(inputSchema) && "x-mcp-header" in inputSchema)
}

const dataKeywords = new Set(["const", "default", "enum", "examples", "x-mcp-header"])
/** RFC 9110, section 5.6.2. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
