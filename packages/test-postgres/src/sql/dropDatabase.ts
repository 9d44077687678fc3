import { withClient } from "./withClient.ts"

/** Drops what `createDatabase` made, whoever is still connected to it. */
export const dropDatabase = async (serverUrl: string, databaseUrl: string): Promise<void> => {
  const name = new URL(databaseUrl).pathname.slice(1)
  await withClient(serverUrl, (client) => client.query(`drop database if exists ${name} with (force)`))
}
