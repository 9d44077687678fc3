import type { ErrorType } from "../errorStatuses.ts"
import type { Options } from "../Options.ts"
import { connectPath } from "./ConnectApi.ts"
import { healthPath } from "./HealthApi.ts"

/** What the host says of whom it is there for. */
export type RequestPolicy = Pick<Options["Service"], "allowedHosts" | "allowedOrigins" | "publicUrl">

/** Why a request is not for this host, or not sent by its own pages; undefined for one that is looked at. */
export const refuseRequest = (
  { headers, method, url }: Pick<Request, "headers" | "method" | "url">,
  policy: RequestPolicy,
): { readonly type: ErrorType; readonly message: string } | undefined => {
  // Most come from programs, which say neither.
  const isFromBrowser = headers.has("origin") || headers.has("sec-fetch-site")
  if (policy.allowedHosts === undefined && !isFromBrowser) return undefined
  const { host, hostname, pathname } = new URL(url)
  // Probes ask by address.
  if (pathname === healthPath || `${pathname}/` === healthPath) return undefined
  if (policy.allowedHosts !== undefined && !policy.allowedHosts.includes(hostname)) return hostForbidden
  const hasEffect = !safeMethods.has(method) || pathname.startsWith(connectPath)
  return hasEffect && !isOwnOrigin(headers, host, policy) ? originForbidden : undefined
}

/**
 * Whether a request was sent by a page of the host's own, or by no page at all. Browsers send some requests for any page
 * and with the user's cookies (Fetch, CORS-safelisted requests), and a run without arguments is one of them.
 */
const isOwnOrigin = (headers: Headers, host: string, policy: RequestPolicy): boolean => {
  const origin = headers.get("origin")
  if (origin !== null && policy.allowedOrigins.includes(origin)) return true
  // Browsers say it themselves wherever the page's own connection is safe (Fetch Metadata Request Headers).
  const site = headers.get("sec-fetch-site")
  if (site !== null) return site === "same-origin" || site === "none"
  if (origin === null) return true
  const url = URL.parse(origin)
  if (url === null) return false
  // Behind a proxy the Host header may be another one than the browser's.
  return (
    url.host === host || (policy.publicUrl !== undefined && url.origin === new URL(policy.publicUrl).origin)
  )
}

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"])

const hostForbidden = {
  type: "host_forbidden",
  message: 'This host does not answer by that name. The host can add it to its option "allowedHosts".',
} as const

const originForbidden = {
  type: "origin_forbidden",
  message:
    'This was sent by a page of another origin. The host can add that origin to its option "allowedOrigins".',
} as const
