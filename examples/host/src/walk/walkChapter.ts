import type { Chapter } from "./chapters.ts"
import { pick, property } from "./property.ts"
import { shortJson } from "./shortJson.ts"
import { toolNames } from "./toolNames.ts"
import { resultKind, type ToolRun } from "./ToolRun.ts"
import type { Walk } from "./Walk.ts"
import { walkSignIn } from "./walkSignIn.ts"

/** A registered server with the ids of its tools by their names. */
export interface Registered {
  readonly serverId: string
  /** Who is signed in to it; undefined where nobody has to be. */
  readonly user: string | undefined
  readonly toolIds: ReadonlyMap<string, string>
}

const register = "Register it"
const list = "See its tools"

/**
 * Registers the server, signs in where it wants that, lists its tools and runs some. A step that needs what another one
 * did not bring is skipped.
 */
export const walkChapter = async (
  walk: Walk,
  { runs, serverName, user }: Chapter,
  config: object | undefined,
): Promise<Registered | undefined> => {
  const serverId = config === undefined ? walk.skip(register) : await registerServer(walk, serverName, config)
  const isOpen = user === undefined || (await walkSignIn(walk, serverId, user))
  const toolIds = serverId === undefined || !isOpen ? walk.skip(list) : await listTools(walk, serverId, runs)
  for (const run of runs) {
    const toolId = toolIds?.get(run.tool)
    if (serverId === undefined || toolId === undefined) walk.skip(titleOf(run))
    else await runTool(walk, `/v1/mcp-servers/${serverId}/tools/${toolId}/run`, run)
  }
  return serverId === undefined || toolIds === undefined ? undefined : { serverId, toolIds, user }
}

const registerServer = (walk: Walk, name: string, config: object) =>
  walk.request({
    title: register,
    method: "POST",
    path: "/v1/mcp-servers/",
    body: { server_name: name, config },
    expected: "200 and the server with its new id",
    read: ({ body, status }) => {
      const id = property(body, "id")
      return status === 200 && typeof id === "string" ? id : undefined
    },
    telling: (_id, body) => shortJson(pick(body, ["id", "server_name", "mcp_server_type"])),
  })

const listTools = (walk: Walk, serverId: string, runs: ReadonlyArray<ToolRun>) =>
  walk.request({
    title: list,
    method: "GET",
    path: `/v1/mcp-servers/${serverId}/tools`,
    expected: `200 and its tools, ${runs.map(({ tool }) => tool).join(" and ")} among them`,
    read: ({ body, status }) => {
      const tools = Array.isArray(body) ? body : []
      const toolIds = new Map(
        tools.map((tool) => [String(property(tool, "name")), String(property(tool, "id"))]),
      )
      return status === 200 && runs.every(({ tool }) => toolIds.has(tool)) ? toolIds : undefined
    },
    telling: (toolIds) => toolNames([...toolIds.keys()]),
  })

const runTool = (walk: Walk, path: string, run: ToolRun) => {
  const { expected, telling } = resultKind(run)
  return walk.request({
    title: titleOf(run),
    method: "POST",
    path,
    body: { args: run.args },
    expected,
    read: ({ body, status }) => (status === 200 ? telling(body) : undefined),
    telling: shortJson,
  })
}

const titleOf = ({ title, tool }: ToolRun) => `${title}: ${tool}`
