import { chapters } from "./chapters.ts"
import { property } from "./property.ts"
import { transcript } from "./transcript.ts"
import type { Walk } from "./Walk.ts"

/**
 * Removes what an earlier walk registered in the same database: a name is there once, and the servers behind the URLs
 * ended with that walk.
 */
export const removeLeftovers = async (walk: Walk): Promise<void> => {
  const servers = await walk.look("/v1/mcp-servers/")
  const leftovers = Array.isArray(servers) ? servers.filter(isLeftover) : []
  if (leftovers.length === 0) return
  transcript.chapter("From an earlier walk: the database has kept what it registered")
  for (const server of leftovers) {
    await walk.request({
      title: `Remove it, to begin anew: ${String(property(server, "server_name"))}`,
      method: "DELETE",
      path: `/v1/mcp-servers/${String(property(server, "id"))}`,
      expected: "204",
      read: ({ status }) => status === 204 || undefined,
      telling: () => "gone, with its tools",
    })
  }
}

/** A server with the name of one of the walk's, and as only the walk registers it: the database may be anybody's. */
const isLeftover = (server: unknown): boolean => {
  const name = property(server, "server_name")
  const args = property(server, "args")
  const [program] = Array.isArray(args) ? args : []
  return (
    chapters.some(({ serverName }) => serverName === name) &&
    (/server-everything[\\/]dist[\\/]index\.js$/.test(String(program)) ||
      /^http:\/\/127\.0\.0\.1:\d+\/(?:sse|mcp)$/.test(String(property(server, "server_url"))))
  )
}
