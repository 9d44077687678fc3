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

// The application without them, as it lies at the top of the folder.
await import("../../../plainApp.js")
