import { Client } from "pg"

/** Connects for one piece of work: nothing stays open that a restart could break or that keeps a process alive. */
export const withClient = async <A>(url: string, use: (client: Client) => Promise<A>): Promise<A> => {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: 20_000,
    // Every value as the text that the server sends.
    types: { getTypeParser: () => String },
  })
  // What runs fails with the same error; without a listener it would be thrown at the process as well.
  client.on("error", () => {})
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}
