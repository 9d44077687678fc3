import type { ServerConfig } from "@mooring/core"
import * as Redacted from "effect/Redacted"
import { oddSecrets } from "./oddTexts.ts"

const secret = (value: string) => Redacted.make(value)

const allSecrets = Object.fromEntries(
  Object.entries(oddSecrets).map(([name, value]) => [name, secret(value)]),
)

/** A record with properties of these names, `__proto__` among them. */
const named = (names: ReadonlyArray<string>) =>
  Object.fromEntries(names.map((name) => [name, secret(`value of ${name}`)]))

const oddHeaderNames = [
  "__proto__",
  "constructor",
  "toString",
  "",
  "X-Tenant",
  "x-tenant",
  "10",
  "9",
  '"',
  "\\",
  "\0",
  "\ud83d",
  "é",
  "e\u0301",
]

const oddVariableNames = oddHeaderNames.filter((name) => !["__proto__", "", "\0"].includes(name))

const longUrl = `https://mcp.example/${"a".repeat(100_000)}?q=%00%F0%9F%98%80#ü`

const noClient = {
  grantType: "authorization_code",
  clientId: null,
  clientSecret: null,
  issuer: null,
  scopes: null,
} as const

const remoteConfigs = (type: "sse" | "streamable_http"): Readonly<Record<string, ServerConfig>> => {
  const bare = {
    type,
    serverUrl: "https://mcp.example/mcp",
    authHeader: null,
    authToken: null,
    customHeaders: null,
    oauth: null,
  } as const
  return {
    "every optional field null": bare,
    "every optional field empty": { ...bare, authHeader: "", authToken: secret(""), customHeaders: {} },
    "every field set": {
      ...bare,
      authHeader: "X-Api-Key",
      authToken: secret("token"),
      customHeaders: { "X-Tenant": secret("tenant") },
    },
    "a token without a header, headers without a token": {
      ...bare,
      authHeader: null,
      authToken: secret("null"),
      customHeaders: { "X-Tenant": secret("") },
    },
    "a client of its own": {
      ...bare,
      oauth: {
        grantType: "client_credentials",
        clientId: "client",
        clientSecret: secret("secret"),
        issuer: "https://auth.example",
        scopes: ["read", "write"],
      },
    },
    "scopes alone, and none at all": { ...bare, oauth: { ...noClient, scopes: [] } },
    "odd text in a client": {
      ...bare,
      oauth: {
        ...noClient,
        clientId: oddSecrets.quotes,
        clientSecret: secret(oddSecrets.loneHighSurrogate + oddSecrets.nul),
        issuer: oddSecrets.nul,
      },
    },
    "a very long URL": { ...bare, serverUrl: longUrl },
    "odd text in the URL and the header": {
      ...bare,
      serverUrl: oddSecrets.quotes,
      authHeader: oddSecrets.loneHighSurrogate + oddSecrets.nul,
    },
    "odd header values": { ...bare, customHeaders: allSecrets },
    "odd header names": { ...bare, customHeaders: named(oddHeaderNames) },
    "a thousand headers": {
      ...bare,
      customHeaders: named(Array.from({ length: 1_000 }, (_, index) => `X-${index}`)),
    },
  }
}

const { nul: _nul, trailingNul: _trailingNul, ...withoutNul } = allSecrets

const stdioConfigs: Readonly<Record<string, ServerConfig>> = {
  "every optional field null": { type: "stdio", command: "mcp", args: [], env: null },
  "every optional field empty": { type: "stdio", command: "mcp", args: [], env: {} },
  "every field set": {
    type: "stdio",
    command: "mcp",
    args: ["--verbose", "two words"],
    env: { TOKEN: secret("token") },
  },
  "odd text in the command and the arguments": {
    type: "stdio",
    command: `${oddSecrets.quotes}${oddSecrets.loneLowSurrogate}`,
    args: [
      "",
      " ",
      "$HOME",
      "{{ NAME }}",
      ...Object.values(oddSecrets).filter((text) => !text.includes("\0")),
    ],
    env: null,
  },
  "odd values of variables": { type: "stdio", command: "mcp", args: [], env: withoutNul },
  "odd names of variables": { type: "stdio", command: "mcp", args: [], env: named(oddVariableNames) },
}

/** Configs of every transport that the schema allows, by what is odd about them. */
export const oddConfigs: Readonly<Record<ServerConfig["type"], Readonly<Record<string, ServerConfig>>>> = {
  stdio: stdioConfigs,
  sse: remoteConfigs("sse"),
  streamable_http: remoteConfigs("streamable_http"),
}
