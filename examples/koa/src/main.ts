import { koaMooring } from "@mooring/adapter-koa"
import { createMooring } from "@mooring/core"
import { bearerActor, failToStart, openStores, publicUrlOf, readSettings, serve } from "@mooring/example-host"
import Koa from "koa"

// The options are explained in ../../express/src/main.ts.
const settings = readSettings(process.env)
const mooring = createMooring({
  actor: settings.tokens === undefined ? "single-user" : bearerActor(settings.tokens),
  stores: openStores(settings),
  publicUrl: publicUrlOf(settings),
  stdio: settings.stdio,
  egress: { allowRanges: settings.allowLoopback ? ["127.0.0.0/8", "::1/128"] : [] },
})
await mooring.ready.catch(failToStart(settings))

const app = new Koa()
// No body parser is needed; one that is there for your own routes may come before or after.
app.use(koaMooring(mooring))

const host = await serve(app.callback(), settings)
host.onStop(mooring.close)
