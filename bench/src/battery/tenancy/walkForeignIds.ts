import * as fc from "fast-check"
import { fromSchema } from "../requests/fromSchema.ts"
import { nameOf, type OpenApi, type Operation } from "../requests/OpenApi.ts"

/** What stands in a path by the name of the parameter. */
export type PathValues = Readonly<Record<string, string>>

export interface Answered {
  readonly status: number
  readonly text: string
}

/** What a stranger asks about. */
export interface TenancySubjects {
  /** Of another organization. */
  readonly foreign: PathValues
  /** Of the stranger's own. */
  readonly own: PathValues
  /** Of nobody, in the same form. */
  readonly absent: PathValues
}

export type AskAsStranger = (request: {
  readonly method: string
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}) => Promise<Answered>

export interface WalkedForeignIds {
  readonly attempts: number
  readonly routes: number
  /** Answers other than 404, and those that differ from the ones about what is not there. */
  readonly traces: ReadonlyArray<string>
  /** Routes that nobody has said how to walk. */
  readonly unknown: ReadonlyArray<string>
}

/**
 * Routes that name nothing that belongs to somebody in their path. What they answer is held against what a foreign row
 * holds, by whoever calls; a route that is in neither place fails the walk.
 */
export const routesWithoutIds: ReadonlySet<string> = new Set([
  "POST /v1/mcp-servers/",
  "GET /v1/mcp-servers/",
  "POST /v1/tools/mcp/servers/connect",
  "GET /v1/tools/mcp/servers",
  "PUT /v1/tools/mcp/servers",
  "POST /v1/tools/mcp/servers/test",
  "GET /v1/tools/mcp/oauth/callback",
  "GET /v1/tools/mcp/oauth/client-metadata.json",
  "GET /v1/health/",
])

/** What the parameters name: a server of somebody's, or something within one. */
const servers = new Set(["mcp_server_id", "mcp_server_name"])

/**
 * Asks every route of the document about every foreign id, in every place where one fits, and about one that nobody has:
 * the two answers must be the same 404.
 */
export const walkForeignIds = async (
  api: OpenApi,
  { absent, foreign, own }: TenancySubjects,
  ask: AskAsStranger,
): Promise<WalkedForeignIds> => {
  const traces: Array<string> = []
  const unknown: Array<string> = []
  let attempts = 0
  for (const operation of api.operations) {
    const { pathParameters } = operation
    if (pathParameters.length === 0) {
      if (!routesWithoutIds.has(nameOf(operation))) unknown.push(nameOf(operation))
      continue
    }
    if (pathParameters.some((name) => foreign[name] === undefined)) {
      unknown.push(nameOf(operation))
      continue
    }
    for (const values of combinations(pathParameters, foreign, own)) {
      for (const accept of ["application/json", "text/event-stream"]) {
        attempts += 1
        const missing = Object.fromEntries(
          Object.entries(values).map(([name, value]) => [
            name,
            value === own[name] ? value : (absent[name] ?? ""),
          ]),
        )
        const [theirs, nobodys] = await Promise.all(
          [values, missing].map((each) => ask(requestOf(operation, each, accept, api))),
        )
        const told = withoutIds(theirs?.text ?? "", values)
        if (theirs?.status !== 404 || told !== withoutIds(nobodys?.text ?? "", missing))
          traces.push(`${nameOf(operation)} (${accept}): ${theirs?.status} ${told}`)
      }
    }
  }
  return { attempts, routes: api.operations.length, traces, unknown }
}

/** All foreign; and where something is within a server, what is foreign within an own one, and the other way round. */
const combinations = (
  names: ReadonlyArray<string>,
  foreign: PathValues,
  own: PathValues,
): ReadonlyArray<PathValues> => {
  const pick = (isForeign: (name: string) => boolean): PathValues =>
    Object.fromEntries(names.map((name) => [name, (isForeign(name) ? foreign : own)[name] ?? ""]))
  const inner = names.filter((name) => !servers.has(name))
  return [
    pick(() => true),
    ...(inner.length === 0 ? [] : [pick((name) => servers.has(name)), pick((name) => !servers.has(name))]),
  ]
}

const requestOf = (operation: Operation, values: PathValues, accept: string, { schemas }: OpenApi) => ({
  method: operation.method,
  target: operation.path.replaceAll(/\{([^}]+)\}/g, (_, name: string) =>
    encodeURIComponent(values[name] ?? ""),
  ),
  headers: { "content-type": "application/json", accept },
  // A good one: what is wrong with it would be told before anybody looks for the id.
  body: operation.body === undefined ? undefined : JSON.stringify(anyBody(operation.body, schemas)),
})

const anyBody = (body: NonNullable<Operation["body"]>, schemas: OpenApi["schemas"]): unknown => {
  const nothing = fc.constant(null)
  const hints = {
    server_url: nothing,
    oauth: nothing,
    command: fc.constant("node"),
    custom_headers: nothing,
    env: nothing,
  }
  const [value] = fc.sample(
    fromSchema(body, schemas, { ...hints, server_name: fc.constant("renamed"), mcp_server_type: nothing }),
    {
      numRuns: 1,
      seed: 1,
    },
  )
  return value
}

const withoutIds = (text: string, values: PathValues): string =>
  Object.entries(values).reduce((rest, [name, value]) => rest.replaceAll(value, `{${name}}`), text)
