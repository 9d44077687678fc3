import { Letta } from "@letta-ai/letta-client"
import { createMooring, type Mooring, type OptionsInput } from "@mooring/core"
import { LettaClient } from "letta-client-0"

/** A host that listens, with Mooring mounted into it. */
export interface ListeningHost {
  /** The URL of the mount point, without a slash at its end: `http://127.0.0.1:1234/deep/path`. */
  readonly url: string
  /** Stops listening and drops the connections. */
  readonly close: () => Promise<void>
}

/** Mounts a Mooring into a new host at a path (`/` or `/deep/path`) and listens on a port of 127.0.0.1. */
export type StartHost = (mooring: Mooring, mountPath: string) => Promise<ListeningHost>

/** In what a host differs from others, before Mooring sees a request. */
export interface HostTraits {
  /** Bodies are parsed by middleware before Mooring, which refuses malformed and huge ones itself and in its own way. */
  readonly parsesBodies?: boolean
  /** Default: the root, and a deep path. One is enough for a second way to make the same host. */
  readonly mountPaths?: ReadonlyArray<"/" | "/deep/path/mcp">
}

/** A host as the cases of the suite use it. */
export interface SuiteHost {
  readonly url: string
  readonly mooring: Mooring
  /** The official client, signed in as `organization/user`. */
  readonly letta: (actor?: string) => Letta
  /** The official client before 1.0, which knows servers by name. */
  readonly olderLetta: (actor?: string) => LettaClient
  /** A plain request as `org1/alice`, its answer read as JSON where it is JSON. */
  readonly request: (method: string, path: string, options?: RequestOptions) => Promise<SuiteAnswer>
  readonly close: () => Promise<void>
}

export interface RequestOptions {
  /** Sent as JSON unless it is a string or bytes. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

export interface SuiteAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

/** What the suite's Mooring is made with, beside what a case asks for: loopback and every command allowed. */
const suiteOptions: OptionsInput = {
  stdio: "any",
  egress: { allowRanges: ["127.0.0.0/8", "::1/128"] },
}

/** Starts a host whose actor is the bearer token, `organization/user`. */
export const startSuiteHost = async (
  start: StartHost,
  mountPath: string,
  options: OptionsInput = {},
): Promise<SuiteHost> => {
  const mooring = createMooring({
    ...suiteOptions,
    ...options,
    logLevel: "None",
    actor: (request) => {
      const [, organizationId, userId] =
        /^Bearer ([^/]+)\/(.+)$/.exec(request.headers.get("authorization") ?? "") ?? []
      return organizationId === undefined || userId === undefined ? undefined : { organizationId, userId }
    },
  })
  await mooring.ready
  const host = await start(mooring, mountPath)
  return {
    url: host.url,
    mooring,
    letta: (actor = "org1/alice") => new Letta({ baseURL: host.url, apiKey: actor }),
    olderLetta: (actor = "org1/alice") => new LettaClient({ baseUrl: host.url, token: actor }),
    request: async (method, path, { body, headers, signal } = {}) => {
      const isRaw = typeof body === "string" || body instanceof Uint8Array || body instanceof ReadableStream
      const response = await fetch(`${host.url}${path}`, {
        method,
        headers: {
          authorization: "Bearer org1/alice",
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: isRaw ? body : JSON.stringify(body), duplex: "half" }),
        ...(signal === undefined ? {} : { signal }),
      })
      const text = await response.text()
      const isJson = response.headers.get("content-type")?.startsWith("application/json") === true
      return {
        status: response.status,
        headers: response.headers,
        body: isJson && text !== "" ? JSON.parse(text) : text,
      }
    },
    close: async () => {
      await mooring.close()
      await host.close()
    },
  }
}
