import { consolePath } from "../consolePath.ts"
import type { Settings } from "../Settings.ts"
import { keptIn } from "./keptIn.ts"
import type { Registered } from "./walkChapter.ts"

/** What to try by oneself: commands with ids that exist and a program, ready to be pasted into another terminal. */
export const whatNext = (
  url: string,
  { database, tokens }: Settings,
  registered: ReadonlyArray<Registered>,
): string => {
  const [token] = tokens?.keys() ?? []
  const place = keptIn(database)
  const kept =
    place === undefined
      ? ""
      : ` What is registered is there again after a restart, from
${place}; only the walk's own servers make way for the next walk (none with WALK=0).`
  const curl = token === undefined ? "curl" : `curl -H 'authorization: Bearer ${token}'`
  const open = registered.find(({ user }) => user === undefined)
  const signedIn = registered.find(({ user }) => user !== undefined)
  return `
The host stays up until Ctrl-C.${kept}

To try it in a browser, with the servers of the walk: ${url}${consolePath}/
${token === undefined ? "" : `It asks who you are: the access token is ${token}.\n`}
To try it from another terminal:

${open === undefined ? `  ${curl} ${url}/v1/mcp-servers/` : tryServer(url, curl, token, open)}
${signedIn === undefined ? "" : trySignIn(url, curl, signedIn)}
All that the API can do: ${url}/openapi.json`
}

const tryServer = (url: string, curl: string, token: string | undefined, { serverId, toolIds }: Registered) =>
  `  server=${url}/v1/mcp-servers/${serverId}
  tool=${toolIds.get("echo")}

  ${curl} "$server"
  ${curl} "$server/tools/$tool"
  ${curl} "$server/tools/$tool/run" \\
    -H 'content-type: application/json' -d '{"args":{"message":"Ahoy"}}'
  ${curl} -X PATCH "$server/refresh"

The same from a program, by Letta's client (npm install @letta-ai/letta-client):

  import { Letta } from "@letta-ai/letta-client"

  const { mcpServers } = new Letta({ baseURL: "${url}", apiKey: "${token ?? "any"}" })
  const server = await mcpServers.retrieve("${serverId}")
  const tools = await mcpServers.tools.list(server.id)
  const echo = tools.find((tool) => tool.name === "echo")
  const run = { mcp_server_id: server.id, args: { message: "Ahoy" } }
  console.log(await mcpServers.tools.run(echo.id, run))`

const trySignIn = (url: string, curl: string, { serverId, toolIds, user }: Registered) => `
To sign in with your own browser:

  protected=${serverId}

  ${curl} -X DELETE "${url}/v1/mcp-servers/$protected/credential"
  ${curl} -N "${url}/v1/mcp-servers/connect/$protected"
  ${curl} -X POST "${url}/v1/mcp-servers/$protected/tools/${toolIds.get("whoami")}/run"

The first command signs ${user} out. The second one prints an authorization_url: open it, sign in and
allow it, and the events go on. The third one runs whoami, which answers with who you are there.
`
