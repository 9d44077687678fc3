// Loads what Mooring is built on, and nothing of Mooring's own.
import "@modelcontextprotocol/client"
import "effect/http-api/HttpApiBuilder"
import "effect/http/HttpRouter"
import "effect/ManagedRuntime"
import "effect/Schema"
import "effect/sql/Migrator"
import "effect/sql/SqlClient"
import "effect/Stream"
import "eventsource-parser"
import "jose/jwe/flattened/decrypt"
import "jose/jwe/flattened/encrypt"
import "jose/jwk/thumbprint"
import "jose/jwt/sign"
import "undici"
import express from "express"

const app = express()
app.get("/", (_, response) => void response.json({ ok: true }))
app.listen(0, "127.0.0.1", () => process.stdout.write("listening\n"))
