import { Client } from "pg"

/** Connects for one statement, or several without parameters; gives the rows of the last. */
export const query = async (
  url: string,
  text: string,
  values?: Array<unknown>,
): Promise<ReadonlyArray<Readonly<Record<string, unknown>>>> => {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const result = await client.query<Record<string, unknown>>(text, values)
    return result.rows
  } finally {
    await client.end()
  }
}
