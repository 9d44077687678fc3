import { connectEvents } from "./connectEvents.ts"
import type { Target } from "./exchange.ts"
import { property } from "./property.ts"
import { toolNames } from "./toolNames.ts"
import { transcript } from "./transcript.ts"
import type { Walk } from "./Walk.ts"

const connect = "Connect to it, and follow the events"
const signIn = "Sign in and allow it, as one does in a browser"
const goOn = "See the connect go on by itself"

/** Has the host connect to a server, and its user sign in meanwhile; whether that went well. */
export const walkSignIn = async (
  walk: Walk,
  serverId: string | undefined,
  user: string,
): Promise<boolean> => {
  if (serverId === undefined) return skipAll(walk, [connect, signIn, goOn])
  const path = `/v1/mcp-servers/connect/${serverId}`
  const events = connectEvents(walk.target, path)
  try {
    const authorizationUrl = await walk.act({
      title: connect,
      command: ["GET", path],
      expected: "the events authorization_url and waiting_for_auth",
      act: async () => {
        const url = property(await follow(events, "authorization_url"), "url")
        await follow(events, "waiting_for_auth")
        return String(url)
      },
      telling: () => "the stream stays open, and the user is sent to that URL",
    })
    if (authorizationUrl === undefined) return skipAll(walk, [signIn, goOn])

    const message = await walk.act({
      title: signIn,
      command: ["open", authorizationUrl],
      expected: "a user who is sent back to the host, which says success",
      act: () => signInAs(walk.target, authorizationUrl, user),
      telling: (told) => `${user} is back at the host, which says: ${told}`,
    })
    if (message === undefined) return skipAll(walk, [goOn])

    const success = await walk.act({
      title: goOn,
      expected: "the event success",
      act: () => follow(events, "success"),
      telling: () => "connected, and the tools are stored",
    })
    return success !== undefined
  } finally {
    // Where a step failed, the host need not wait for the user any longer.
    await events.return()
  }
}

const skipAll = (walk: Walk, titles: ReadonlyArray<string>): false => {
  for (const title of titles) walk.skip(title)
  return false
}

/** Shows the events that come, up to the one of this name. */
const follow = async (events: AsyncGenerator<unknown, void>, name: string): Promise<unknown> => {
  for (;;) {
    const next = await events.next()
    if (next.done === true) throw new Error(`The stream has ended without the event ${name}.`)
    const came = String(property(next.value, "event"))
    transcript.event(came, gist(next.value))
    if (came === name) return next.value
  }
}

/** The one thing that an event tells. */
const gist = (event: unknown): string => {
  const [told] = ["server_name", "message", "url"].map((name) => property(event, name)).filter(Boolean)
  return told === undefined ? toolNames(toolsOf(event)) : String(told)
}

const toolsOf = (event: unknown): ReadonlyArray<string> => {
  const tools = property(event, "tools")
  return Array.isArray(tools) ? tools.map((tool) => String(property(tool, "name"))) : []
}

/** What the host says to the user who comes back to it. */
const signInAs = async ({ signal, url }: Target, authorizationUrl: string, user: string): Promise<string> => {
  const testkit = await import("@mooring/testkit")
  const { search } = await testkit.signIn(authorizationUrl, { user })
  // Not to `PUBLIC_URL`: what is to stand before the host need not be there yet.
  const callback = `${url}/v1/tools/mcp/oauth/callback${search}`
  const response = await fetch(callback, { headers: { accept: "application/json" }, signal })
  const answer: unknown = await response.json()
  const message = String(property(answer, "message"))
  if (property(answer, "status") !== "success") throw new Error(message)
  return message
}
