import type { ReconnectionScheduler } from "@modelcontextprotocol/client"

/** How often a server may have us open an event stream again. */
const perMinute = 5
const minute = 60_000

/**
 * When an event stream that has ended is opened again. The client would obey any `retry` of the server's, and with
 * `retry: 0` ask hundreds of times a second; here the server's wish counts for five times in a minute.
 */
export const reconnectionScheduler = (now: () => number = Date.now): ReconnectionScheduler => {
  let recent: ReadonlyArray<number> = []
  return (reconnect, delay) => {
    // A longer wait is a timer's overflow, or an answer that comes when nobody waits for it any more.
    const wish = Math.min(Math.max(0, delay), minute)
    const at = Math.max(now() + wish, recent.length < perMinute ? 0 : (recent[0] ?? 0) + minute)
    recent = [...recent, at].slice(-perMinute)
    const timer = setTimeout(reconnect, Math.max(0, at - now()))
    return () => clearTimeout(timer)
  }
}
