import { expressMooring } from "@mooring/adapter-express"
import { koaMooring } from "@mooring/adapter-koa"
import { createMooring } from "@mooring/core"
import * as Schema from "effect/Schema"
import express from "express"
import Koa from "koa"
import { createServer } from "node:http"
import { answerParent } from "../processes/answerParent.ts"
import { listenOnLoopback } from "../processes/listenOnLoopback.ts"
import { answerHostState } from "../processes/startHost.ts"

// A host that answers a GET: by Mooring's router, or by a route of the framework's own with the same bytes.

const Words = Schema.Tuple([
  Schema.Literals(["express", "koa"]),
  Schema.Literals(["mooring", "plain"]),
  Schema.Literals(["health", "server"]),
])
const [framework, router, what] = Schema.decodeUnknownSync(Words)(process.argv.slice(2))

const actor = { organizationId: "bench", userId: "bench" }
const mooring = createMooring({ actor: () => actor })
const { id } = await mooring.servers.create(actor, {
  name: "server",
  config: {
    type: "streamable_http",
    serverUrl: "https://bench.invalid/mcp",
    authHeader: null,
    authToken: "token",
    customHeaders: null,
  },
})
const path = what === "health" ? "/v1/health/" : `/v1/mcp-servers/${id}`
const answer: object = JSON.parse(await (await mooring.fetch(new Request(`http://bench${path}`))).text())

const expressHost = () => {
  const app = express()
  if (router === "mooring") app.use(expressMooring(mooring))
  else app.get(path, (_, response) => void response.json(answer))
  return createServer(app)
}

const koaHost = () => {
  const app = new Koa()
  if (router === "mooring") {
    app.use(koaMooring(mooring))
  } else {
    app.use((context, next) => {
      if (context.method !== "GET" || context.path !== path) return next()
      context.body = answer
      return undefined
    })
  }
  return createServer(app.callback())
}

const port = await listenOnLoopback(framework === "express" ? expressHost() : koaHost())
answerParent(async () =>
  answerHostState({ port, method: "GET", path, headers: {}, body: "", expected: JSON.stringify(answer) }),
)
