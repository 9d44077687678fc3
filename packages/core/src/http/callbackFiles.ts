import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import { callbackPath } from "../oauth/oauthHost.ts"

/**
 * For the page: nothing but its own two files is loaded, nobody frames it, and its address, in which the answer of the
 * authorization server stands, is kept nowhere and shown to nobody.
 */
export const callbackHeaders = {
  "content-security-policy":
    "default-src 'none'; style-src 'self'; script-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
}

const style = `:root { color-scheme: light dark; font: 100%/1.5 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; min-height: 100dvh; display: grid; place-items: center;
  background: #f6f7f9; color: #1b1f24; }
main { box-sizing: border-box; width: calc(100% - 2rem); max-width: 36rem; margin: 1rem; overflow-wrap: anywhere;
  padding: 2rem clamp(1.5rem, 6vw, 2.5rem); border: 1px solid transparent; border-radius: 0.75rem;
  background: #fff; box-shadow: 0 1px 3px rgb(0 0 0 / 0.15); }
.sign { width: 3rem; height: 3rem; margin: 0 0 1rem; border-radius: 50%; display: grid; place-items: center;
  font-size: 1.5rem; font-weight: 700; color: #fff; }
.good { background: #1a7f37; }
.bad { background: #b35900; }
h1 { margin: 0 0 0.5rem; font-size: 1.5rem; line-height: 1.25; text-wrap: balance; }
p { margin: 0; text-wrap: pretty; }
@media (prefers-color-scheme: dark) {
  body { background: #14171b; color: #e6e8eb; }
  main { background: #1f242a; box-shadow: none; border-color: #3a4149; }
}
`

const script = `// Tells the window that waits for this sign-in. It learns no more than what came of it.
const { status, sessionId } = document.documentElement.dataset
const message = { type: "mooring:authorization", status, session_id: sessionId }
if (window.opener) window.opener.postMessage(message, window.location.origin)
if ("BroadcastChannel" in window) {
  const channel = new BroadcastChannel("mooring:authorization")
  channel.postMessage(message)
  channel.close()
}
`

const file = (path: "page.css" | "page.js", contentType: string, text: string) =>
  [
    `${callbackPath}/${path}`,
    HttpServerResponse.text(text, {
      contentType,
      headers: { "cache-control": "max-age=3600", "x-content-type-options": "nosniff" },
    }),
  ] as const

/** The style and the script of the page that ends a sign-in. */
export const callbackFiles = Layer.effectDiscard(
  Effect.gen(function* () {
    const router = yield* HttpRouter.HttpRouter
    for (const [path, response] of [
      file("page.css", "text/css; charset=utf-8", style),
      file("page.js", "text/javascript; charset=utf-8", script),
    ]) {
      yield* router.add("GET", path, Effect.succeed(response))
    }
  }),
)
