import type { Issue, RemoteServer, Server, ServerConfig, ServerType } from "../api/wire.ts"

/** A secret with a name: a header or a variable. `kept` is the stored value, which is never shown. */
export interface SecretEntry {
  readonly name: string
  readonly value: string
  readonly kept: string | undefined
}

export interface OAuthDraft {
  readonly clientId: string
  readonly clientSecret: string
  readonly issuer: string
  readonly scopes: string
  readonly grantType: string
}

/** What stands in the form for a server. */
export interface ServerDraft {
  readonly name: string
  readonly type: ServerType
  readonly url: string
  readonly token: string
  /** The header in which the token is sent, where that is not `Authorization`. */
  readonly tokenHeader: string
  readonly headers: ReadonlyArray<SecretEntry>
  readonly oauth: OAuthDraft
  readonly command: string
  /** One argument a line. */
  readonly args: string
  readonly env: ReadonlyArray<SecretEntry>
}

const noOAuth: OAuthDraft = {
  clientId: "",
  clientSecret: "",
  issuer: "",
  scopes: "",
  grantType: "authorization_code",
}

export const emptyServerDraft: ServerDraft = {
  name: "",
  type: "streamable_http",
  url: "",
  token: "",
  tokenHeader: "",
  headers: [],
  oauth: noOAuth,
  command: "",
  args: "",
  env: [],
}

/** A registered server in the form. Its secrets are kept, and not shown. */
export const serverDraftOf = (server: Server): ServerDraft => {
  const shared = { ...emptyServerDraft, name: server.server_name, type: server.mcp_server_type }
  return server.mcp_server_type === "stdio"
    ? { ...shared, command: server.command, args: server.args.join("\n"), env: keptSecrets(server.env) }
    : {
        ...shared,
        url: server.server_url,
        tokenHeader: server.auth_header ?? "",
        headers: keptSecrets(server.custom_headers),
        oauth: oauthDraft(server.oauth),
      }
}

const keptSecrets = (secrets: Readonly<Record<string, string>> | null): ReadonlyArray<SecretEntry> =>
  Object.entries(secrets ?? {}).map(([name, kept]) => ({ name, value: "", kept }))

const oauthDraft = (oauth: RemoteServer["oauth"]): OAuthDraft =>
  oauth === undefined
    ? noOAuth
    : {
        ...noOAuth,
        clientId: oauth.client_id ?? "",
        scopes: (oauth.scopes ?? []).join(" "),
        grantType: oauth.grant_type,
      }

/** The config for a new server. */
export const toConfig = (draft: ServerDraft): ServerConfig =>
  draft.type === "stdio"
    ? {
        mcp_server_type: "stdio",
        command: draft.command.trim(),
        args: linesOf(draft.args),
        ...(draft.env.length === 0 ? {} : { env: secretsOf(draft.env) }),
      }
    : {
        mcp_server_type: draft.type,
        server_url: draft.url.trim(),
        ...given("auth_header", draft.tokenHeader.trim()),
        ...given("auth_token", draft.token.trim()),
        ...(draft.headers.length === 0 ? {} : { custom_headers: secretsOf(draft.headers) }),
        ...(hasOAuth(draft.oauth) ? { oauth: oauthOf(draft.oauth) } : {}),
      }

/** The config for an update of a server: what was not touched is not sent, so that secrets stay as they are. */
export const toUpdate = (draft: ServerDraft, server: Server): ServerConfig => {
  const config = toConfig(draft)
  // Another type replaces the whole config.
  if (draft.type !== server.mcp_server_type) return config
  const before = serverDraftOf(server)
  if (draft.type === "stdio") {
    const { env: _, ...rest } = config
    return {
      ...rest,
      mcp_server_type: draft.type,
      ...(isSameSecrets(draft.env, before.env) ? {} : { env: secretsOf(draft.env) }),
    }
  }
  return {
    mcp_server_type: draft.type,
    server_url: draft.url.trim(),
    auth_header: draft.tokenHeader.trim() || null,
    ...given("auth_token", draft.token.trim()),
    ...(isSameSecrets(draft.headers, before.headers) ? {} : { custom_headers: secretsOf(draft.headers) }),
    ...(JSON.stringify(draft.oauth) === JSON.stringify(before.oauth)
      ? {}
      : { oauth: hasOAuth(draft.oauth) ? oauthOf(draft.oauth) : null }),
  }
}

const isSameSecrets = (one: ReadonlyArray<SecretEntry>, other: ReadonlyArray<SecretEntry>): boolean =>
  JSON.stringify(one) === JSON.stringify(other)

const given = (name: string, value: string) => (value === "" ? {} : { [name]: value })

const linesOf = (text: string): ReadonlyArray<string> => {
  const lines = text.split("\n")
  // The end of the last line is no empty argument, and neither is an empty box.
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines
}

const secretsOf = (entries: ReadonlyArray<SecretEntry>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    entries
      .filter(({ name }) => name.trim() !== "")
      .map(({ kept, name, value }) => [name.trim(), value === "" ? (kept ?? "") : value]),
  )

const hasOAuth = (oauth: OAuthDraft): boolean =>
  oauth.grantType !== noOAuth.grantType ||
  [oauth.clientId, oauth.clientSecret, oauth.issuer, oauth.scopes].some((text) => text.trim() !== "")

const oauthOf = ({ clientId, clientSecret, grantType, issuer, scopes }: OAuthDraft) => ({
  grant_type: grantType,
  ...given("client_id", clientId.trim()),
  ...given("client_secret", clientSecret.trim()),
  ...given("issuer", issuer.trim()),
  ...(scopes.trim() === "" ? {} : { scopes: scopes.trim().split(/\s+/) }),
})

/** The fields of the form, as complaints about them are kept. */
export type FieldName =
  | "args"
  | "command"
  | "env"
  | "headers"
  | "name"
  | "oauth"
  | "token"
  | "tokenHeader"
  | "url"

const places: Readonly<Record<string, FieldName>> = {
  args: "args",
  auth_header: "tokenHeader",
  auth_token: "token",
  command: "command",
  custom_headers: "headers",
  env: "env",
  oauth: "oauth",
  server_name: "name",
  server_url: "url",
}

/** What is wrong with which field; what belongs to none is for the whole form. */
export interface DraftProblems {
  readonly fields: ReadonlyMap<FieldName, string>
  readonly whole: ReadonlyArray<string>
}

export const noProblems: DraftProblems = { fields: new Map(), whole: [] }

/** The complaints of a 422, at the fields that they are about. */
export const problemsOf = (issues: ReadonlyArray<Issue>): DraftProblems => {
  const fields = new Map<FieldName, string>()
  const whole: Array<string> = []
  for (const { loc, msg } of issues) {
    const name = loc.map(String).find((step) => Object.hasOwn(places, step))
    const field = name === undefined ? undefined : places[name]
    const inner = loc.slice(loc.indexOf(name ?? "") + 1).join(".")
    const told = inner === "" ? sentence(msg) : `${inner}: ${msg}`
    if (field === undefined) whole.push(sentence(msg))
    else fields.set(field, fields.has(field) ? `${fields.get(field)} ${told}` : told)
  }
  return { fields, whole }
}

/** What can be told without asking the host. */
export const checkDraft = (draft: ServerDraft): DraftProblems => {
  const fields = new Map<FieldName, string>()
  if (draft.name.trim() === "") fields.set("name", "Give the server a name.")
  if (draft.type === "stdio") {
    if (draft.command.trim() === "") fields.set("command", "Name the program to start.")
    if (hasTwice(draft.env)) fields.set("env", "A name is there twice.")
  } else {
    if (!URL.canParse(draft.url.trim())) {
      fields.set("url", "Enter the whole address, such as https://example.com/mcp.")
    }
    if (hasTwice(draft.headers)) fields.set("headers", "A name is there twice.")
  }
  return { fields, whole: [] }
}

const hasTwice = (entries: ReadonlyArray<SecretEntry>): boolean => {
  const names = entries.map(({ name }) => name.trim().toLowerCase()).filter(Boolean)
  return new Set(names).size !== names.length
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
