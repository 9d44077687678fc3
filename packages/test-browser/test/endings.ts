import type { Page } from "playwright-core"
import { signInAsAlice } from "./signInPages.ts"

/** How a sign-in may end, and what its user reads then. */
export interface Ending {
  readonly title: string
  readonly text: string
  readonly role: "alert" | "status"
  /** Who is signed in to the host in that browser. */
  readonly user: string
  /** The event with which the stream ends; undefined where it goes on waiting. */
  readonly event: "error" | "success" | undefined
  /** The authorization server refuses the code, and asks nobody for anything. */
  readonly isMisbehaving?: boolean
  /** Does what the user does, from the first page of the authorization server on. */
  readonly reach: (page: Page) => Promise<void>
}

export const endings: Readonly<Record<string, Ending>> = {
  success: {
    title: "Signed in",
    text: "You are signed in to Harbour. You can close this window.",
    role: "status",
    user: "alice",
    event: "success",
    reach: (page) => signInAsAlice(page),
  },
  refused: {
    title: "Not signed in",
    text: "Harbour was not allowed. Nothing was stored. To try again, connect to it once more.",
    role: "alert",
    user: "alice",
    event: "error",
    reach: (page) => signInAsAlice(page, "refuse"),
  },
  "used-twice": {
    title: "Too late",
    text: "This sign-in is over: it was answered before, or took too long. If you were told that you are signed in, you are; if not, go back to where you came from and connect again.",
    role: "alert",
    user: "alice",
    event: "success",
    reach: async (page) => {
      await signInAsAlice(page)
      await page.reload()
    },
  },
  "wrong-user": {
    title: "Another user began this",
    text: "This sign-in was begun by another user than the one you are signed in as. Sign in as that user, or connect again as yourself.",
    role: "alert",
    user: "bob",
    event: undefined,
    reach: (page) => signInAsAlice(page),
  },
  failure: {
    title: "Signing in failed",
    text: "You could not be signed in to Harbour. The authorization server of the MCP server did not give a token for the consent. Connect again to sign in anew.",
    role: "alert",
    user: "alice",
    event: "error",
    isMisbehaving: true,
    reach: () => Promise.resolve(),
  },
}
