import { describe, expect, it } from "vitest"
import { refuseRequest, type RequestPolicy } from "../../src/http/refuseRequest.ts"

const open: RequestPolicy = { allowedOrigins: [] }

/** The code with which a request is refused. */
const refusal = (
  headers: Readonly<Record<string, string>>,
  {
    method = "POST",
    policy = open,
    url = "http://app.example:3000/v1/mcp-servers/x/tools/y/run",
  }: { readonly method?: string; readonly policy?: RequestPolicy; readonly url?: string } = {},
) => refuseRequest({ headers: new Headers(headers), method, url }, policy)?.type

describe("a request that changes something", () => {
  it.each([
    {},
    { "sec-fetch-site": "same-origin", origin: "http://app.example:3000" },
    // A proxy may have changed the Host header: what the browser says of itself counts.
    { "sec-fetch-site": "same-origin", origin: "https://public.example" },
    { "sec-fetch-site": "none" },
    { origin: "http://app.example:3000" },
    { origin: "https://app.example:3000" },
  ])("is let in with %j", (headers) => {
    expect(refusal(headers)).toBeUndefined()
  })

  it.each([
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "cross-site", origin: "http://app.example:3000" },
    { "sec-fetch-site": "same-site", origin: "http://sibling.example" },
    { "sec-fetch-site": "anything else" },
    { origin: "http://evil.example" },
    { origin: "http://app.example" },
    { origin: "http://app.example:3000.evil.example" },
    { origin: "null" },
    { origin: "" },
    { origin: "file://" },
  ])("is refused with %j", (headers) => {
    for (const method of ["POST", "PUT", "PATCH", "DELETE", "QUERY", "post"]) {
      expect(refusal(headers, { method })).toBe("origin_forbidden")
    }
    for (const id of ["mcp_server-1", ""]) {
      const url = `http://app.example:3000/v1/mcp-servers/connect/${id}`
      expect(refusal(headers, { method: "GET", url })).toBe("origin_forbidden")
    }
    expect(refusal(headers, { method: "GET" })).toBeUndefined()
  })

  it("is let in from the origins that the host has named, and from that of its public URL", () => {
    const policy: RequestPolicy = {
      allowedOrigins: ["https://console.example"],
      publicUrl: "https://public.example/mcp",
    }
    for (const headers of [
      { origin: "https://console.example", "sec-fetch-site": "cross-site" },
      { origin: "https://public.example" },
    ]) {
      expect(refusal(headers, { policy })).toBeUndefined()
    }
    for (const origin of [
      "http://console.example",
      "https://console.example:8443",
      "https://public.example.evil",
    ]) {
      expect(refusal({ origin }, { policy })).toBe("origin_forbidden")
    }
    // By the browser's own word this is no page of the host's.
    const claimed = { origin: "https://public.example", "sec-fetch-site": "cross-site" }
    expect(refusal(claimed, { policy })).toBe("origin_forbidden")
  })
})

it("is for any host name where none is set, and else for those that are", () => {
  const policy: RequestPolicy = { ...open, allowedHosts: ["app.example", "[::1]", "127.0.0.1"] }
  for (const host of [
    "app.example",
    "app.example:3000",
    "APP.EXAMPLE",
    "[::1]:3000",
    "127.0.0.1",
    "2130706433",
  ]) {
    expect(refusal({}, { policy, method: "GET", url: `http://${host}/v1/mcp-servers/` })).toBeUndefined()
  }
  for (const host of [
    "evil.example",
    "app.example.evil.example",
    "xapp.example",
    "localhost",
    "[::2]",
    "app.example.",
  ]) {
    const url = `http://${host}/v1/mcp-servers/`
    expect(refusal({}, { policy, method: "GET", url })).toBe("host_forbidden")
    expect(refusal({ origin: `http://${host}` }, { policy, url })).toBe("host_forbidden")
    expect(refusal({}, { url })).toBeUndefined()
    // Probes ask by address.
    expect(refusal({}, { policy, method: "GET", url: `http://${host}/v1/health/` })).toBeUndefined()
    expect(refusal({}, { policy, method: "GET", url: `http://${host}/v1/health` })).toBeUndefined()
  }
})
