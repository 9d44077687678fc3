import type { OAuthRequest } from "@mooring/testkit"
import { bothServers } from "../../../testkit/test/oauth/bothServers.ts"

/**
 * An authorization server, with an MCP server, whose first answer to a refresh never arrives.
 *
 * @param isDone whether the refresh itself was done: then the refresh token is used up.
 */
export const lostRenewal = async ({
  isDone,
  reuseGraceMs,
}: {
  readonly isDone: boolean
  readonly reuseGraceMs: number
}) => {
  const { promise: lost, resolve: lose } = Promise.withResolvers<void>()
  let isFirst = true
  const servers = await bothServers({
    refreshTokenRotation: { reuseGraceMs },
    intercept: async (request) => {
      if (!isFirst || request.form["grant_type"] !== "refresh_token") return undefined
      isFirst = false
      if (isDone) await repeat(servers.server.issuer, request)
      lose()
      return new Promise(() => {})
    },
  })
  return { ...servers, lost }
}

const repeat = async (issuer: string, { form }: OAuthRequest): Promise<void> => {
  const { status } = await fetch(`${issuer}/token`, { method: "POST", body: new URLSearchParams(form) })
  if (status !== 200) throw new Error(`The refresh was answered with ${status}`)
}
