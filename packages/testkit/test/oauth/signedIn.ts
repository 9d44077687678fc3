import { auth } from "@modelcontextprotocol/client"
import { signIn, type SignInOptions } from "../../src/oauth/signIn.ts"
import { MemoryOAuthClient, type MemoryOAuthClientOptions } from "./MemoryOAuthClient.ts"

export interface SignedInOptions extends SignInOptions, MemoryOAuthClientOptions {
  readonly scope?: string
}

/** Begins a sign-in with the bare MCP client: the authorization URL is where a user would go next. */
export async function begun(serverUrl: string, { scope, ...options }: SignedInOptions = {}) {
  const client = new MemoryOAuthClient(options)
  await auth(client, { serverUrl, ...(scope === undefined ? {} : { scope }) })
  if (client.authorizationUrl === undefined) throw new Error("Nobody asked for a sign-in")
  return { client, authorizationUrl: client.authorizationUrl }
}

/** Ends it with the callback's parameters. */
export async function finished(client: MemoryOAuthClient, serverUrl: string, callback: URL): Promise<void> {
  const iss = callback.searchParams.get("iss")
  await auth(client, {
    serverUrl,
    authorizationCode: callback.searchParams.get("code") ?? "",
    ...(iss === null ? {} : { iss }),
  })
}

/** The whole sign-in of a user to an MCP server. */
export async function signedIn(serverUrl: string, options: SignedInOptions = {}): Promise<MemoryOAuthClient> {
  const { authorizationUrl, client } = await begun(serverUrl, options)
  await finished(client, serverUrl, await signIn(authorizationUrl, options))
  return client
}
