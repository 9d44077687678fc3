import { Letta } from "@letta-ai/letta-client"
import { expressMooring } from "@mooring/adapter-express"
import { koaMooring } from "@mooring/adapter-koa"
import { expressConsole, koaConsole } from "@mooring/console"
import { createMooring, type Mooring, type MooringOptions } from "@mooring/core"
import express from "express"
import Koa from "koa"
import { once } from "node:events"
import { createServer, type RequestListener } from "node:http"
import { hostHeaders, hostPage, type HostOptions } from "./hostPage.ts"

const mountPath = "/deep/mcp"
const consolePath = "/deep/mcp-console"

/** An application with a page of its own, and Mooring below a path. */
type MakeApp = (mooring: Mooring, options: HostOptions) => RequestListener

const apps: Readonly<Record<"express" | "koa", MakeApp>> = {
  express: (mooring, options) =>
    express()
      .use((_request, response, next) => {
        response.set(hostHeaders(options))
        next()
      })
      .get("/", (_request, response) => {
        response.send(hostPage)
      })
      .use(mountPath, expressMooring(mooring))
      .use(consolePath, expressConsole({ api: mountPath })),
  koa: (mooring, options) =>
    new Koa()
      .use((context, next) => {
        context.set(hostHeaders(options))
        return next()
      })
      .use(async (context, next) => {
        if (context.path === "/") context.body = hostPage
        else await next()
      })
      .use(koaMooring(mooring, { path: mountPath }))
      .use(koaConsole({ path: consolePath, api: mountPath }))
      .callback(),
}

/** A host whose users are known by a cookie in their browser, and by a bearer token elsewhere. */
export interface BrowserHost extends AsyncDisposable {
  readonly origin: string
  /** Where the console is, without a slash at its end. */
  readonly console: string
  /** The official client, signed in as this user. */
  readonly letta: (user: string) => Letta
}

export const userCookie = "host_user"

export const startHost = async (
  framework: keyof typeof apps,
  {
    approveChangedTools = false,
    limits = {},
    stdio = "off",
    ...options
  }: HostOptions & Pick<MooringOptions, "approveChangedTools" | "limits" | "stdio"> = {},
): Promise<BrowserHost> => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("The host has no port")
  const origin = `http://127.0.0.1:${address.port}`
  const mooring = createMooring({
    actor: ({ headers }) => {
      const [, bearer] = /^Bearer (.+)$/.exec(headers.get("authorization") ?? "") ?? []
      const [, cookie] = new RegExp(`\\b${userCookie}=(\\w+)`).exec(headers.get("cookie") ?? "") ?? []
      const userId = bearer ?? cookie
      return userId === undefined ? undefined : { organizationId: "one", userId }
    },
    egress: { allowRanges: ["127.0.0.0/8"] },
    logLevel: "None",
    publicUrl: origin + mountPath,
    approveChangedTools,
    limits,
    stdio,
  })
  server.on("request", apps[framework](mooring, options))
  await mooring.ready
  return {
    origin,
    console: origin + consolePath,
    letta: (user) => new Letta({ baseURL: origin + mountPath, apiKey: user }),
    [Symbol.asyncDispose]: async () => {
      await mooring.close()
      server.close()
      server.closeAllConnections()
    },
  }
}
