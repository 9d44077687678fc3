import { list, text } from "./json.ts"
import { readEvents } from "./readEvents.ts"

/** Mooring's REST API, as an application uses it. */
export interface Api {
  readonly register: (name: string, config: unknown) => Promise<string>
  readonly connect: (serverId: string) => AsyncIterable<unknown>
  readonly tools: (serverId: string) => Promise<ReadonlyArray<unknown>>
  readonly run: (serverId: string, toolId: string, args: unknown) => Promise<RunAnswer>
}

export interface RunAnswer {
  readonly status: number
  readonly body: unknown
}

export const makeApi = (hostUrl: string): Api => {
  const url = (path: string) => `${hostUrl}/v1/mcp-servers/${path}`
  const ask = async (path: string, init?: RequestInit): Promise<RunAnswer> => {
    const response = await fetch(url(path), {
      ...init,
      headers: { "content-type": "application/json" },
    })
    const body: unknown = await response.json()
    return { status: response.status, body }
  }
  const post = (path: string, body: unknown) => ask(path, { method: "POST", body: JSON.stringify(body) })

  return {
    register: async (name, config) => {
      const { body, status } = await post("", { server_name: name, config })
      const id = text(body, "id")
      if (id === undefined)
        throw new Error(`The server was not registered: ${status} ${JSON.stringify(body)}`)
      return id
    },
    connect: async function* (serverId) {
      const response = await fetch(url(`connect/${serverId}`))
      if (!response.ok || response.body === null) {
        throw new Error(`Connecting was answered with ${response.status} ${await response.text()}`)
      }
      yield* readEvents(response.body)
    },
    tools: async (serverId) => list((await ask(`${serverId}/tools`)).body),
    run: (serverId, toolId, args) => post(`${serverId}/tools/${toolId}/run`, { args }),
  }
}
