import type { ServerConfig } from "../api/wire.ts"
import { isObject, type Json, isJson, list, property, text } from "../form/Json.ts"
import { readJsonc } from "./readJsonc.ts"

/** A server that was found in a file, ready to be registered, or why it cannot be. */
export type Candidate =
  | { readonly name: string; readonly config: ServerConfig; readonly notes: ReadonlyArray<string> }
  | { readonly name: string; readonly problem: string }

/** What an import found. */
export type Import =
  | {
      readonly candidates: ReadonlyArray<Candidate>
      /** What VS Code would ask for: `${input:token}` stands for it in the configs. */
      readonly inputs: ReadonlyArray<ImportInput>
    }
  | { readonly problem: string }

export interface ImportInput {
  readonly id: string
  readonly description: string
}

const most = 200

/**
 * The servers in a file: `mcpServers` as Claude Desktop, Cursor and many others have it, `servers` as VS Code's
 * `mcp.json` has it, either of them within `mcp` of a settings file, one server alone, or servers by their names.
 */
export const parseImport = (source: string): Import => {
  if (source.trim() === "") return { problem: "Paste a file, or drop one here." }
  const json = read(source)
  if (json === undefined) {
    return { problem: "This is no JSON. Paste the whole file, from its first { to its last }." }
  }
  if (!isObject(json)) return { problem: "A file with MCP servers is an object: { … }." }
  const entries = entriesOf(json)
  if (entries.length === 0) {
    return {
      problem: 'No MCP server is in this. It has "mcpServers" or "servers", or a "command" or a "url".',
    }
  }
  if (entries.length > most) return { problem: `These are more than ${most} servers.` }
  const candidates = entries.map(([name, entry]) => candidateOf(name, entry))
  const configs = candidates.map((candidate) => ("config" in candidate ? candidate.config : {}))
  return { candidates, inputs: inputsOf(json, JSON.stringify(configs)) }
}

const read = (source: string): Json | undefined => {
  // A snippet of documentation may come without the braces around it.
  for (const attempt of [source, `{${source}}`]) {
    try {
      const json = readJsonc(attempt)
      if (isJson(json)) return json
    } catch {
      // Tried in the other way.
    }
  }
  return undefined
}

const entriesOf = (json: Json): ReadonlyArray<readonly [string, Json]> => {
  for (const within of [json, property(json, "mcp"), property(json, "context_servers")]) {
    for (const key of ["mcpServers", "servers", "context_servers", "mcp_servers"]) {
      const servers = property(within, key)
      if (isObject(servers)) return Object.entries(servers)
    }
  }
  if (isServer(json)) return [[nameOf(json), json]]
  const all = Object.entries(isObject(json) ? json : {})
  return all.length > 0 && all.every(([, entry]) => isServer(entry)) ? all : []
}

const isServer = (entry: Json): boolean =>
  ["command", "url", "serverUrl", "server_url", "httpUrl"].some(
    (name) => text(property(entry, name)) !== undefined,
  )

const nameOf = (entry: Json): string => {
  const url = urlOf(entry)
  const command = text(property(entry, "command"))
  return (
    text(property(entry, "name")) ??
    (url === undefined ? undefined : URL.parse(url)?.hostname) ??
    command?.split(/[\\/]/).at(-1) ??
    "server"
  )
}

const urlOf = (entry: Json): string | undefined =>
  ["url", "serverUrl", "server_url", "httpUrl"]
    .map((name) => text(property(entry, name)))
    .find((url) => url !== undefined)

const candidateOf = (name: string, entry: Json): Candidate => {
  const isOff = property(entry, "disabled") === true || property(entry, "enabled") === false
  const notes = isOff ? ["It is turned off in the file."] : []
  const url = urlOf(entry)
  const command = text(property(entry, "command"))
  if (url !== undefined) {
    const headers = texts(property(entry, "headers") ?? property(entry, "custom_headers"))
    if (headers === undefined) return { name, problem: "Its headers are not names with texts." }
    return {
      name,
      notes,
      config: {
        mcp_server_type: isSse(entry, url) ? "sse" : "streamable_http",
        server_url: url,
        ...(Object.keys(headers).length === 0 ? {} : { custom_headers: headers }),
      },
    }
  }
  if (command === undefined) return { name, problem: 'It has neither a "command" nor a "url".' }
  const args = list(property(entry, "args"))
  if (!args.every((argument) => typeof argument === "string")) {
    return { name, problem: "Its arguments are not all texts." }
  }
  const env = texts(property(entry, "env"))
  if (env === undefined) return { name, problem: "Its environment is not names with texts." }
  const unknown = ["cwd", "envFile"].filter((key) => property(entry, key) !== undefined)
  return {
    name,
    notes: [...notes, ...unknown.map((key) => `"${key}" has no counterpart here and is left out.`)],
    config: {
      mcp_server_type: "stdio",
      command,
      args,
      ...(Object.keys(env).length === 0 ? {} : { env }),
    },
  }
}

const isSse = (entry: Json, url: string): boolean => {
  const said =
    text(property(entry, "type")) ??
    text(property(entry, "transport")) ??
    text(property(entry, "mcp_server_type"))
  if (said !== undefined) return said.toLowerCase() === "sse"
  // Without a word, its address tells: older servers have it end so.
  return property(entry, "httpUrl") === undefined && /\/sse\/?$/.test(URL.parse(url)?.pathname ?? "")
}

/** Names with texts; numbers and the like are written as texts, as they are in an environment. */
const texts = (value: Json | undefined): Readonly<Record<string, string>> | undefined => {
  if (value === undefined || value === null) return {}
  if (!isObject(value)) return undefined
  const entries = Object.entries(value)
  if (entries.some(([, each]) => typeof each === "object")) return undefined
  return Object.fromEntries(entries.map(([name, each]) => [name, String(each)]))
}

const inputsOf = (json: Json, configs: string): ReadonlyArray<ImportInput> => {
  const asked = new Set([...configs.matchAll(/\$\{input:([\w.-]{1,100})\}/g)].map(([, id = ""]) => id))
  const described = [property(json, "inputs"), property(property(json, "mcp"), "inputs")].flatMap(list)
  return [...asked].map((id) => {
    const input = described.find((each) => property(each, "id") === id)
    return { id, description: text(property(input, "description")) ?? id }
  })
}

/** The config with what was entered for its inputs. */
export const fillInputs = (config: ServerConfig, values: ReadonlyMap<string, string>): ServerConfig => {
  const fill = (value: unknown): unknown => {
    if (typeof value === "string") {
      return value.replaceAll(/\$\{input:([\w.-]{1,100})\}/g, (whole, id: string) => values.get(id) ?? whole)
    }
    if (Array.isArray(value)) return value.map(fill)
    if (typeof value !== "object" || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, fill(each)]))
  }
  return {
    ...Object.fromEntries(Object.entries(config).map(([name, value]) => [name, fill(value)])),
    mcp_server_type: config.mcp_server_type,
  }
}
