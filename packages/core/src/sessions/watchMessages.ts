import { MessageRate } from "../transport/MessageRate.ts"
import type { Connection } from "./Connection.ts"
import type { SessionNotices } from "./SessionNotices.ts"

/** Each is answered, over HTTP by a request of its own. The specification wants them "periodically". */
const pingsPerSecond = 1
const pingsAtOnce = 60

/** How many seconds' worth of messages may come at once. */
const burstSeconds = 10

/**
 * Sees what an MCP server sends before the client does: hands answers to those who wait for them, leaves pings
 * unanswered that come too often, and hangs up on a server that does not stop. What a followed call brings does not
 * count. What the client can make nothing of counts too, such as answers that nobody waits for.
 */
export const watchMessages = (
  connection: Connection,
  notices: SessionNotices,
  messagesPerSecond: number,
): void => {
  const { client, observer, toolRequests } = connection
  const { transport } = client
  if (transport === undefined) return
  const messages = new MessageRate(messagesPerSecond, burstSeconds * messagesPerSecond)
  const pings = new MessageRate(pingsPerSecond, pingsAtOnce)
  let isFlooded = false
  const isFlooding = (): boolean => {
    if (isFlooded || messages.take() === 0) return isFlooded
    isFlooded = true
    connection.abandon()
    client.close().catch(() => {})
    return true
  }
  client.onerror = () => void isFlooding()
  const { onmessage } = transport
  transport.onmessage = (message, extra) => {
    if (!("method" in message)) return toolRequests.take(message) ? undefined : onmessage?.(message, extra)
    // It was asked for, for as long as the call runs.
    if (notices.take(message) || isFlooding()) return
    if (message.method === "ping" && pings.take() > 0) return
    if (message.method === "notifications/tools/list_changed") return observer.toolsChanged()
    onmessage?.(message, extra)
  }
}
