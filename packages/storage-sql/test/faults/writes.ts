import { makeTool } from "./makeTool.ts"
import type { McpServer, McpTool } from "@mooring/core"

// What a writer writes is a function of a few numbers, so that whoever reads it afterwards can tell a whole write from
// half of one.

/** What is stored of a server; `generation` is that of its tools, 0 where it has none. */
export interface ServerState {
  readonly version: number
  readonly generation: number
}

/** All servers by name. */
export type State = ReadonlyMap<string, ServerState>

/** One write, as it is announced before it begins and once it is acknowledged. */
export interface Write {
  readonly kind: "create" | "replaceTools" | "update" | "remove"
  readonly name: string
  /** What the server is to be afterwards. */
  readonly to: ServerState | null
}

/** What a process tells of itself, a line each. */
export type WriterLine =
  | { readonly says: "opening" | "open" }
  | { readonly says: "begins" | "done"; readonly write: Write }

export const isAsWritten = (state: State, { name, to }: Pick<Write, "name" | "to">): boolean => {
  const found = state.get(name)
  return to === null
    ? found === undefined
    : found?.version === to.version && found.generation === to.generation
}

/** In every secret that is written. */
export const secretMark = "canary of "

/** A config every field of which tells the server's name and version. */
export const configOf = (name: string, version: number) => {
  const text = `${name}/${version}`
  return {
    type: "streamable_http",
    serverUrl: `https://mcp.example/${text}`,
    authHeader: "x-token",
    authToken: `${secretMark}${text}`,
    customHeaders: { "x-one": `one ${secretMark}${text}`, "x-two": `two ${secretMark}${text}` },
  } as const
}

const urlPattern = /^https:\/\/mcp\.example\/(.+)\/(\d+)$/

/** The version of a stored server, from the one field that is not a secret. */
export const versionOf = ({ config, name }: McpServer): number => {
  const [, urlName, version] = config.type === "stdio" ? [] : (urlPattern.exec(config.serverUrl) ?? [])
  if (urlName !== name) throw new Error(`The config of ${name} is not its own`)
  return Number(version)
}

export const toolCount = (generation: number): number =>
  generation === 0 ? 0 : 400 + ((generation * 37) % 200)

/** The tools of a generation, in place of those of the one before: equal names keep their ids, as in a refresh. */
export const toolsOf = (
  serverId: McpServer["id"],
  generation: number,
  current: ReadonlyArray<McpTool>,
): ReadonlyArray<McpTool> => {
  const ids = new Map(current.map((tool) => [tool.definition.name, tool.id]))
  return Array.from({ length: toolCount(generation) }, (_, index) => {
    // A part of the names changes with each generation.
    const name = index % 3 === 0 ? `tool-${index}-${generation}` : `tool-${index}`
    return makeTool({ id: ids.get(name), serverId, name, description: `generation ${generation}` })
  })
}

/** The generation of stored tools; throws where they are not those of one alone. */
export const generationOf = (name: string, tools: ReadonlyArray<McpTool>): number => {
  const generations = new Set(tools.map(({ definition }) => definition.description))
  const [description = "generation 0"] = generations
  const generation = Number(description.slice("generation ".length))
  if (generations.size > 1 || tools.length !== toolCount(generation)) {
    throw new Error(`${name} has ${tools.length} tools, of ${[...generations].join(" and ")}`)
  }
  return generation
}
