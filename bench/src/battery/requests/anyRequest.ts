import * as fc from "fast-check"
import type { Arbitrary } from "fast-check"
import { fromSchema, type Hints, isObject } from "./fromSchema.ts"
import type { OpenApi, Operation } from "./OpenApi.ts"

/** A request as it is sent. The body is what goes over the wire. */
export interface AskedRequest {
  readonly operation: Operation
  readonly method: string
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

/** What there is to ask about: own, foreign and absent, by the name of the parameter. */
export interface KnownValues {
  readonly path: Readonly<Record<string, ReadonlyArray<string>>>
  /** URLs of MCP servers, some of which answer. */
  readonly serverUrls: ReadonlyArray<string>
  readonly users: ReadonlyArray<string>
}

const hostileTexts = [
  "__proto__",
  "constructor",
  "' OR 1=1 --",
  "<script>alert(1)</script>",
  "../../etc/passwd",
  "%00",
  "\u0000",
  "\ud800",
  "𝒳".repeat(50),
  "a".repeat(5_000),
  "{{ SECRET }}",
  "{{ SECRET | default }}",
  "header\r\nx-evil: 1",
  "mcp_server-00000000-0000-4000-8000-000000000000",
  "null",
  " ",
  "-1",
  "1e400",
]

const hostileJson: ReadonlyArray<string> = [
  "",
  "{",
  "null",
  "[]",
  '"text"',
  "1e400",
  '{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}',
  `${"[".repeat(3_000)}${"]".repeat(3_000)}`,
  `{"args": ${'{"a":'.repeat(300)}1${"}".repeat(300)}}`,
  '{"server_name": "a", "server_name": "b", "config": {}}',
  `{"server_name": "${"x".repeat(100_000)}", "config": {"server_url": "https://x.example"}}`,
  '{"server_name": "\\ud800", "config": {"server_url": "https://x.example"}}',
  "\ufeff{}",
]

/** Any request to the API: as the document wants it, nearly so, and nothing like it. */
export const anyRequest = ({ operations, schemas }: OpenApi, known: KnownValues): Arbitrary<AskedRequest> => {
  const hostileText = fc.constantFrom(...hostileTexts)
  const text = fc.oneof(
    hostileText,
    fc.string({ maxLength: 30 }),
    fc.string({ unit: "binary", maxLength: 30 }),
  )
  const secret = fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, text)
  const hints: Hints = {
    server_url: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...known.serverUrls) },
      { weight: 1, arbitrary: fc.oneof(fc.webUrl(), text) },
    ),
    server_name: fc.oneof(fc.constantFrom(...(known.path["mcp_server_name"] ?? [])), text),
    auth_token: secret,
    auth_header: fc.oneof(fc.constantFrom(null, "authorization", "x-api-key"), text),
    oauth: fc.oneof(
      { weight: 3, arbitrary: fc.constant(null) },
      fc.record(
        { client_id: text, client_secret: text, issuer: text, scopes: text, grant_type: text },
        { requiredKeys: [] },
      ),
    ),
  }

  const bodyOf = (operation: Operation): Arbitrary<string | undefined> => {
    const hostile = fc.oneof(
      fc.constantFrom(...hostileJson),
      fc.json({ maxDepth: 5 }),
      fc.constant(undefined),
    )
    if (operation.body === undefined)
      return fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, hostile)
    const valid = fromSchema(operation.body, schemas, hints)
    return fc.oneof(
      { weight: 5, arbitrary: valid.map((value) => JSON.stringify(value)) },
      { weight: 3, arbitrary: fc.tuple(valid, fc.nat(), text, fc.jsonValue()).map(nearly) },
      { weight: 2, arbitrary: hostile },
    )
  }

  const segment = (name: string): Arbitrary<string> =>
    fc
      .oneof({ weight: 4, arbitrary: fc.constantFrom(...(known.path[name] ?? [""])) }, text)
      // A path of dots is another path before anybody sees it, and one of nothing is another route.
      .filter((value) => !/^\.{0,2}$/.test(value))
      .map(encode)

  const queryOf = (operation: Operation): Arbitrary<string> =>
    fc
      .tuple(
        fc.record(
          Object.fromEntries(
            operation.queryParameters.map((name) => [
              name,
              fc.oneof(
                fc.integer({ min: -2, max: 20_000 }).map(String),
                text,
                fc.constantFrom(...(known.path["mcp_server_id"] ?? [])),
              ),
            ]),
          ),
          { requiredKeys: [] },
        ),
        fc.option(fc.dictionary(text, text, { maxKeys: 3 }), { freq: 4 }),
        fc.option(fc.constantFrom("limit=1&limit=2", "%", "%ff", "&&==", "limit[]=1", "a".repeat(9_000)), {
          freq: 12,
        }),
      )
      .map(([named, other, raw]) =>
        [
          ...Object.entries({ ...other, ...named }).map(
            ([name, value]) => `${encode(name)}=${encode(String(value))}`,
          ),
          ...(raw === null ? [] : [raw]),
        ].join("&"),
      )

  const headers = fc
    .record(
      {
        "content-type": fc.constantFrom(
          "application/json; charset=utf-8",
          "text/plain",
          "application/x-www-form-urlencoded",
          "multipart/form-data; boundary=x",
          "application/json; charset=utf-16",
          ";;;",
        ),
        accept: fc.constantFrom(
          "*/*",
          "text/event-stream",
          "text/html",
          "application/json",
          "image/png",
          ";q=",
          "text/event-stream;q=0",
        ),
        traceparent: fc.constantFrom(
          "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
          "garbage",
          "ff-0-0-0",
        ),
        cookie: fc.constant("a=b; __proto__=1"),
        "last-event-id": fc.constant("17"),
        "x-forwarded-host": fc.constant("evil.example"),
      },
      { requiredKeys: [] },
    )
    .map((some) => ({ "content-type": "application/json", ...some }))

  return fc
    .tuple(fc.constantFrom(...operations), fc.constantFrom(...known.users), headers)
    .chain(([operation, user, extra]) =>
      fc.record({
        operation: fc.constant(operation),
        method: fc.constant(operation.method),
        target: fc
          .tuple(fc.tuple(...operation.pathParameters.map(segment)), queryOf(operation))
          .map(([segments, query]) => {
            const values = [...segments]
            const path = operation.path.replaceAll(/\{[^}]+\}/g, () => values.shift() ?? "")
            return query === "" ? path : `${path}?${query}`
          }),
        headers: fc.constant({ ...extra, ...(user === "" ? {} : { authorization: `Bearer ${user}` }) }),
        body: operation.method === "GET" ? fc.constant(undefined) : bodyOf(operation),
      }),
    )
}

/** A value with one thing wrong, at any of its places. */
const nearly = ([value, at, name, wrong]: [unknown, number, string, unknown]): string => {
  if (!isObject(value)) return JSON.stringify(wrong)
  const keys = Object.keys(value)
  const key = keys[at % Math.max(1, keys.length)] ?? name
  const inside = value[key]
  const changes: ReadonlyArray<unknown> = [
    { ...value, [key]: wrong },
    { ...value, [name]: wrong },
    Object.fromEntries(Object.entries(value).filter(([other]) => other !== key)),
    isObject(inside)
      ? { ...value, [key]: { ...inside, [Object.keys(inside)[0] ?? name]: wrong } }
      : { ...value, [key]: [inside] },
  ]
  return JSON.stringify(changes[at % changes.length])
}

/** Percent-encoded; half of a surrogate pair, which has no bytes, as the bytes that it would have. */
const encode = (text: string): string => encodeURIComponent(text.toWellFormed())
