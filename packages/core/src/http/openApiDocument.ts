import * as OpenApi from "effect/http-api/OpenApi"
import * as Predicate from "effect/Predicate"
import { version } from "../version.ts"
import { Api } from "./Api.ts"

type Node = Readonly<Record<PropertyKey, unknown>>

/**
 * The OpenAPI 3.1 document of the API. What `HttpApi` derives from the definition is valid and lacks some things
 * that generators of clients want; they are mended here.
 */
export const openApiDocument = (publicUrl: string | undefined): Node => {
  const derived = mend(OpenApi.fromApi(Api), [])
  return {
    ...(Predicate.isObject(derived) ? derived : {}),
    info: {
      title: "Mooring",
      version,
      description: "Register MCP servers, see their tools and run them.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    ...(publicUrl === undefined ? {} : { servers: [{ url: publicUrl }] }),
  }
}

const schemas = "#/components/schemas/"

/** Which value of which property stands for a schema, by the schemas that an `anyOf` offers. */
const discriminators: ReadonlyArray<{
  readonly propertyName: string
  readonly values: Readonly<Record<string, string>>
}> = [
  {
    propertyName: "mcp_server_type",
    values: {
      StdioMCPServer: "stdio",
      SSEMCPServer: "sse",
      StreamableHTTPMCPServer: "streamable_http",
      CreateStdioMCPServer: "stdio",
      CreateSSEMCPServer: "sse",
      CreateStreamableHTTPMCPServer: "streamable_http",
    },
  },
  {
    propertyName: "type",
    values: {
      StdioServerConfig: "stdio",
      SSEServerConfig: "sse",
      StreamableHTTPServerConfig: "streamable_http",
    },
  },
]

/** Schemas of requests: fields that they do not name are ignored, not refused. */
const isRequest = (name: string) =>
  name.startsWith("Create") || name.startsWith("Update") || name.endsWith("Request")

/** The bodies that may be left out. */
const optionalBodies = /Tool(?:Approve|Execute)Request/

const mend = (node: unknown, path: ReadonlyArray<string>): unknown => {
  if (Array.isArray(node)) return node.map((item) => mend(item, path))
  if (!Predicate.isObject(node)) return node

  const result: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(node)) {
    if (key === "$ref" && typeof value === "string") result[key] = plainName(value)
    else if (path.at(-1) === "schemas") result[plainName(key)] = mend(value, [...path, key])
    else result[key] = mend(value, [...path, key])
  }
  if (result["in"] === "query" && result["name"] === "limit") return { ...result, schema: pageLimit }
  if (path.at(-1) === "requestBody" && optionalBodies.test(JSON.stringify(node))) result["required"] = false
  if (result["additionalProperties"] === false && path.some(isRequest)) delete result["additionalProperties"]
  const discriminator = discriminatorOf(result["anyOf"])
  return discriminator === undefined ? result : { ...result, discriminator }
}

/** In a query every value is text, which `HttpApi` takes for the type; clients are to know it as a number. */
const pageLimit = { type: "integer", minimum: 1, maximum: 10_000 }

/** Error classes are encoded, which `HttpApi` says in their schemas' names. */
const plainName = (name: string): string => name.replace(/Encoded$/, "")

const discriminatorOf = (anyOf: unknown) => {
  if (!Array.isArray(anyOf)) return undefined
  for (const { propertyName, values } of discriminators) {
    const mapping = anyOf.flatMap((member: unknown) => {
      const ref = Predicate.isObject(member) ? member["$ref"] : undefined
      const value = typeof ref === "string" ? values[ref.slice(schemas.length)] : undefined
      return value === undefined ? [] : [[value, ref] as const]
    })
    if (mapping.length === anyOf.length) return { propertyName, mapping: Object.fromEntries(mapping) }
  }
  return undefined
}
