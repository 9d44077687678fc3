import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import { CurrentActor } from "../actors/Actor.ts"
import { Connector } from "../connect/Connector.ts"
import { Options } from "../Options.ts"
import { Api } from "./Api.ts"
import { decodeFlatServer } from "./ConnectWire.ts"
import { readJson } from "./decodeBody.ts"
import { eventStream } from "./eventStream.ts"
import { toApiError } from "./toApiError.ts"

export const ConnectHandlers = HttpApiBuilder.group(
  Api,
  "mcp_connect",
  Effect.fnUntraced(function* (handlers) {
    const connector = yield* Connector
    const { limits } = yield* Options

    return handlers
      .handleRaw(
        "connect",
        Effect.fnUntraced(function* ({ request }) {
          const target = yield* decodeFlatServer(yield* readJson(request, limits))
          const events = connector.connect(yield* CurrentActor, target)
          return eventStream(yield* Effect.mapError(events, toApiError))
        }),
      )
      .handleRaw(
        "connectServer",
        Effect.fnUntraced(function* ({ params }) {
          const events = connector.connectServer(yield* CurrentActor, params.mcp_server_id)
          return eventStream(yield* Effect.mapError(events, toApiError))
        }),
      )
  }),
)
