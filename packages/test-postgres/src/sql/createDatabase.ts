import { randomBytes } from "node:crypto"
import { withClient } from "./withClient.ts"

/** Makes a database on the server of `serverUrl` and gives its URL. */
export const createDatabase = async (serverUrl: string): Promise<string> => {
  const name = `mooring_test_${randomBytes(8).toString("hex")}`
  // From template0, to which nobody can be connected: template1 can't be copied while somebody is.
  await withClient(serverUrl, (client) => client.query(`create database ${name} template template0`))
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.href
}
