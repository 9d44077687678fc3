import * as Schema from "effect/Schema"
import type { HostNode } from "../../../storage-sql/test/faults/startNode.ts"

export const kinds = ["read", "create", "run"] as const
export type Kind = (typeof kinds)[number]

/** One request of the load, and what came of it. */
export interface Sample {
  readonly node: number
  readonly kind: Kind
  readonly status: number
  readonly retryAfter: string | null
  readonly ms: number
  /** By `performance.now()`. */
  readonly endedAt: number
}

/** Requests that follow one another without a pause, from several callers, until it is stopped. */
export interface Load {
  readonly samples: ReadonlyArray<Sample>
  /** The ids of the servers whose creation was acknowledged. */
  readonly created: ReadonlyArray<string>
  /** Resolves when the last answers are there. */
  readonly stop: () => Promise<void>
}

/** What the load is about: a server with a tool, and the config of those that it creates. */
export interface LoadTarget {
  readonly serverId: string
  readonly toolId: string
  readonly config: object
}

const callersOfKind = 2

export const startLoad = (nodes: ReadonlyArray<HostNode>, target: LoadTarget): Load => {
  const samples: Array<Sample> = []
  const created: Array<string> = []
  const stopping = new AbortController()

  const ask = {
    read: (node: HostNode, turn: number) =>
      node.request("GET", [target.serverId, `${target.serverId}/tools`, "?limit=3"][turn % 3] ?? ""),
    create: async (node: HostNode) => {
      const answer = await node.request("POST", "", {
        server_name: crypto.randomUUID(),
        config: target.config,
      })
      if (answer.status === 200) created.push(decodeCreated(answer.body).id)
      return answer
    },
    run: (node: HostNode, turn: number) => node.run(target.serverId, target.toolId, { text: `turn ${turn}` }),
  }
  const call = async (node: HostNode, index: number, kind: Kind) => {
    for (let turn = 0; !stopping.signal.aborted; turn++) {
      const { ms, retryAfter, status } = await ask[kind](node, turn)
      samples.push({ node: index, kind, status, retryAfter, ms, endedAt: performance.now() })
    }
  }
  const callers = nodes.flatMap((node, index) =>
    kinds.flatMap((kind) => Array.from({ length: callersOfKind }, () => call(node, index, kind))),
  )
  return {
    samples,
    created,
    stop: async () => {
      stopping.abort()
      await Promise.all(callers)
    },
  }
}

const decodeCreated = Schema.decodeUnknownSync(Schema.Struct({ id: Schema.String }))
