import { AsyncLocalStorage } from "node:async_hooks"
import { textResult } from "../mcp-servers/TestTool.ts"
import type { TestTool } from "../mcp-servers/TestTool.ts"

interface UserPlace {
  user: string | undefined
}

const places = new AsyncLocalStorage<UserPlace>()

/**
 * Opens the place where the user of the current request is kept, which its tool call will find: tools know nothing of
 * HTTP. It has to be called synchronously from the request's handler, or else it is the place of somebody else's call.
 *
 * @returns what to call once the user is known.
 */
export function openUserPlace(): (user: string) => void {
  const place: UserPlace = { user: undefined }
  places.enterWith(place)
  return (user) => {
    place.user = user
  }
}

/** Answers with the subject of the access token that its call came with. */
export const whoamiTool: TestTool = {
  name: "whoami",
  description: "Answers with the name of the user who is signed in",
  inputSchema: { type: "object", properties: {} },
  annotations: { readOnlyHint: true },
  handle: () => textResult(places.getStore()?.user ?? "nobody"),
}
