import type { Api } from "./Api.ts"
import { text } from "./json.ts"
import { signIn } from "./signIn.ts"

/** Connects as a user does: signs in wherever an event says so, until the tools are there. */
export const connect = async (api: Api, serverId: string, hostUrl: string): Promise<void> => {
  for await (const event of api.connect(serverId)) {
    switch (text(event, "event")) {
      case "success":
        return
      case "error":
        throw new Error(`Connecting failed: ${text(event, "code")}: ${text(event, "message")}`)
      case "authorization_url":
        // Where an answer is turned away, the attempt goes on waiting for the true one: nobody would come.
        await signIn(text(event, "url") ?? "", hostUrl)
    }
  }
  throw new Error("Connecting ended without success and without an error.")
}
