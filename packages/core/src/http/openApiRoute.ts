import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import { Options } from "../Options.ts"
import { openApiDocument } from "./openApiDocument.ts"

/** `GET /openapi.json`, made once. */
export const openApiRoute = Layer.effectDiscard(
  Effect.gen(function* () {
    const { publicUrl } = yield* Options
    const router = yield* HttpRouter.HttpRouter
    yield* router.add(
      "GET",
      "/openapi.json",
      Effect.succeed(HttpServerResponse.jsonUnsafe(openApiDocument(publicUrl))),
    )
  }),
)
