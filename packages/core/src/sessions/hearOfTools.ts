import * as Effect from "effect/Effect"
import type { Connection } from "./Connection.ts"

/**
 * Asks a server to tell of changed tools for as long as the stream is open that it answers by (MCP 2026-07-28,
 * `subscriptions/listen`). A server of the older revisions tells unasked. That it refuses, or goes away, is no harm.
 */
export const hearOfTools = (
  { client, isModern }: Connection,
  timeout: number,
): Effect.Effect<void> | undefined => {
  if (!isModern || client.getServerCapabilities()?.tools?.listChanged !== true) return undefined
  return Effect.tryPromise(async (signal) => {
    const { closed } = await client.listen({ toolsListChanged: true }, { signal, timeout })
    await closed
  }).pipe(Effect.ignore)
}
