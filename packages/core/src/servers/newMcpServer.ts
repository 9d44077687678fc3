import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { Actor } from "../actors/Actor.ts"
import { makeMcpServerId, type McpServer } from "./McpServer.ts"
import type { ServerConfig } from "./ServerConfig.ts"

/** The record of a server that an actor has just named, stored or not. */
export const newMcpServer = (
  { organizationId, userId }: Actor,
  { config, name }: { readonly name: string; readonly config: ServerConfig },
): Effect.Effect<McpServer> =>
  Effect.map(DateTime.now, (now) => ({
    id: makeMcpServerId(),
    organizationId,
    name,
    config,
    revision: 1,
    createdBy: userId,
    updatedBy: userId,
    createdAt: now,
    updatedAt: now,
  }))
