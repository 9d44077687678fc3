import { koaMooring } from "@mooring/adapter-koa"
import { koaConsole } from "@mooring/console"
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
import Koa from "koa"

// The options are explained in ../../express/src/main.ts.
const settings = readSettings(process.env)
const port = await listen(settings)

const mooring = createMooring({
  actor: settings.tokens === undefined ? "single-user" : bearerActor(settings.tokens),
  stores: openStores(settings),
  publicUrl: port.publicUrl,
  stdio: settings.stdio,
  egress: { allowRanges: settings.allowLoopback ? ["127.0.0.0/8", "::1/128"] : [] },
})
await mooring.ready.catch(failToStart(settings))

const app = new Koa()
// No body parser is needed; one that is there for your own routes may come before or after.
app.use(koaMooring(mooring))
app.use(koaConsole({ path: consolePath, api: "/" }))

const host = serve(app.callback(), port)
host.onStop(mooring.close)

if (settings.walk) await walk(host, settings)
