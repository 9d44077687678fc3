import type { Mooring } from "@mooring/core"
import type { HeavyOutcome } from "./HeavyCase.ts"

export type TakenAnswer = Pick<HeavyOutcome, "answer" | "isBounded">

const alice = { organizationId: "acme", userId: "alice" }

/** The limits are those that hosts have by default, but for the times. */
export const hostOptions = {
  actor: "single-user",
  logLevel: "None",
  egress: { allowRanges: ["127.0.0.0/8"] },
  // An event stream that never ends is ended by them; by default a run has 55 s.
  limits: { runTimeoutMs: 5_000, listTimeoutMs: 10_000 },
} as const

/** Has a host register a server, and list its tools or run one. */
export const takeAnswers = (mooring: Mooring) => {
  let servers = 0
  const register = async (serverUrl: string): Promise<string> => {
    const config = {
      type: "streamable_http",
      serverUrl,
      authHeader: null,
      authToken: null,
      customHeaders: null,
    } as const
    const { id } = await mooring.servers.create(alice, { name: `server ${(servers += 1)}`, config })
    return id
  }

  /** Refused, or with less than was sent. */
  const list = async (url: string): Promise<TakenAnswer> => {
    const id = await register(url)
    try {
      await mooring.tools.refresh(alice, id)
    } catch (error) {
      return { answer: error instanceof Error ? error.message : String(error), isBounded: true }
    }
    const tools = await mooring.tools.list(alice, id)
    const isInvalid = tools.some(({ schemaHealth }) => schemaHealth.status === "INVALID")
    return {
      answer: `${tools.length} tools${isInvalid ? ", one without its schema" : ""}`,
      isBounded: isInvalid || tools.length <= 10_000,
    }
  }

  const run = async (url: string): Promise<TakenAnswer> => {
    const id = await register(url)
    await mooring.tools.refresh(alice, id)
    const tool = (await mooring.tools.list(alice, id)).find(({ definition }) => definition.name === "call")
    const { status, text, truncated } = await mooring.tools.run(alice, id, tool?.id ?? "none")
    return {
      answer: `${status}${truncated ? ", truncated" : ""}: ${text.slice(0, 120)}`,
      isBounded: status === "error" || truncated,
    }
  }

  return { list, run }
}
