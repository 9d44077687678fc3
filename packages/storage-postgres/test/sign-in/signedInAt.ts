import { signIn } from "@mooring/testkit"
import { expect } from "vitest"
import type { HostProcess } from "./startHostProcess.ts"

/** Alice, who has signed in to an MCP server, and has run a tool of it at all hosts: each has a session of hers. */
export const signedInAt = async (hosts: ReadonlyArray<HostProcess>, mcpUrl: string) => {
  // No test is in the way of another one.
  const organization = mcpUrl
  const [first] = hosts
  if (first === undefined) throw new Error("There is no host")
  const at = (host: HostProcess) => host.as("alice", organization)
  const id = await at(first).createServer(mcpUrl)

  /** Connects and signs in; gives the names of the events. */
  const signInAt = async (host: HostProcess) => {
    const stream = await at(host).connect(id)
    const callback = await signIn(await stream.authorizationUrl())
    expect(await host.callBack(callback)).toBe(200)
    return stream.names()
  }
  await signInAt(first)
  const tool = (await at(first).tools(id)).find(({ name }) => name === "whoami")
  const run = (host: HostProcess) => at(host).runWhoami(id, tool?.id ?? "")
  for (const host of hosts) expect(await run(host)).toMatchObject(ok)
  return { organization, run, signInAt }
}

/** What is answered to a run of hers. */
export const ok = { status: 200, body: { status: "success", func_return: "alice" } }
