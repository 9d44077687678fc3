import express from "express"

// Loads what Mooring is built on, and nothing of Mooring's own.
await Promise.all(
  [
    "@modelcontextprotocol/client",
    "effect/http-api/HttpApiBuilder",
    "effect/http/HttpRouter",
    "effect/ManagedRuntime",
    "effect/Schema",
    "effect/sql/Migrator",
    "effect/sql/SqlClient",
    "effect/Stream",
    "eventsource-parser",
    "jose/jwe/flattened/decrypt",
    "jose/jwe/flattened/encrypt",
    "jose/jwk/thumbprint",
    "jose/jwt/sign",
    "undici",
  ].map((name) => import(name)),
)

const app = express()
app.get("/", (_, response) => void response.json({ ok: true }))
app.listen(0, "127.0.0.1", () => process.stdout.write("listening\n"))
