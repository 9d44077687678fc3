import { Client } from "@modelcontextprotocol/client"
import type { ClientOptions, Transport } from "@modelcontextprotocol/client"

/** The published client, connected; closed at the end of the scope that declares it with `await using`. */
export async function connectedClient(
  transport: Transport,
  mode: "legacy" | "auto" | "modern" = "auto",
  options: ClientOptions = {},
): Promise<Client & AsyncDisposable> {
  const client = new Client(
    { name: "testkit", version: "1.0.0" },
    { versionNegotiation: { mode: mode === "modern" ? { pin: "2026-07-28" } : mode }, ...options },
  )
  await client.connect(transport)
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.close() })
}
