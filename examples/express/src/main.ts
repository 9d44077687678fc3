import { expressMooring } from "@mooring/adapter-express"
import { expressConsole } from "@mooring/console"
import { createMooring } from "@mooring/core"
import {
  bearerActor,
  consolePath,
  failToStart,
  listen,
  openStores,
  readSettings,
  serve,
  walk,
} from "@mooring/example-host"
import express from "express"

const settings = readSettings(process.env)
const port = await listen(settings)

const mooring = createMooring({
  // Who a request acts for. Your application knows, by its session or its tokens: the function gets the request and
  // Express's `req`, on which middleware before Mooring may have left the user. Where it returns nothing, the answer
  // is 401, and what belongs to one organization does not exist for another.
  actor: settings.tokens === undefined ? "single-user" : bearerActor(settings.tokens),
  // Where everything is kept; without stores, in this process until it ends. Here the environment chooses between
  //   stores: sqliteStores({ file: "data/mooring.sqlite", keys: process.env.MOORING_KEY })
  //   stores: postgresStores({ url: process.env.DATABASE_URL, keys: process.env.MOORING_KEY })
  // and your application has one of these lines: a file for one machine, PostgreSQL for any number. The keys encrypt
  // what users entrust to you, tokens above all, so that who finds the database or a backup of it reads none.
  stores: openStores(settings),
  // Where users reach the mount point. MCP servers that want their users to sign in send them back there.
  publicUrl: port.publicUrl,
  // "any" lets whoever has an actor start any program as this process's user: right on a machine of one's own. A host
  // for many keeps the default, "off", or lists the commands that it trusts.
  stdio: settings.stdio,
  // By default only public addresses can be MCP servers, so that nobody reaches your network through your host. The
  // MCP servers of the walk run on this machine.
  egress: { allowRanges: settings.allowLoopback ? ["127.0.0.0/8", "::1/128"] : [] },
})
// A database that can't be reached, or read with these keys, ends the start here, and not the first request.
await mooring.ready.catch(failToStart(settings))

const app = express()
// At the root, where Letta's clients look with nothing but a `baseURL`; `app.use("/mcp", …)` does as well. Paths that
// are not Mooring's go on to your own routes, and a body parser may come before or after.
app.use(expressMooring(mooring))
// A web page for the same API, for whom the resolver above knows. A host without a need for it leaves it out.
app.use(consolePath, expressConsole({ api: "/" }))

const host = serve(app, port)
// Ends the sessions and the commands that were started, which would hold the process, and closes the database.
host.onStop(mooring.close)

if (settings.walk) await walk(host, settings)
