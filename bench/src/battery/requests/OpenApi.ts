import * as Schema from "effect/Schema"

/** A JSON Schema (2020-12, as OpenAPI 3.1 has it). */
export type JsonSchema = Readonly<Record<string, unknown>>

/** A route of the API as its own document describes it. */
export interface Operation {
  readonly method: string
  /** With its parameters in braces. */
  readonly path: string
  readonly pathParameters: ReadonlyArray<string>
  readonly queryParameters: ReadonlyArray<string>
  /** Of a body in JSON, where there is one. */
  readonly body: JsonSchema | undefined
  /** By status and media type, of a stream that of the data of its events; null where an answer has no body. */
  readonly answers: Readonly<Record<string, Readonly<Record<string, JsonSchema>> | null>>
}

/** What of an OpenAPI document is read here. */
export interface OpenApi {
  readonly operations: ReadonlyArray<Operation>
  readonly schemas: Readonly<Record<string, JsonSchema>>
}

/** `method path`, by which an operation is called here. */
export const nameOf = ({ method, path }: Operation): string => `${method} ${path}`

const Json = Schema.Record(Schema.String, Schema.Unknown)
const Content = Schema.Record(Schema.String, Schema.Struct({ schema: Json }))
/** How an event of a stream is described: by what the JSON in its data is. */
const EventSchema = Schema.Struct({
  properties: Schema.Struct({ data: Schema.Struct({ contentSchema: Json }) }),
})
const Document = Schema.Struct({
  openapi: Schema.String.check(Schema.isPattern(/^3\.1\./)),
  paths: Schema.Record(
    Schema.String,
    Schema.Record(
      Schema.String,
      Schema.Struct({
        parameters: Schema.optionalKey(
          Schema.Array(Schema.Struct({ in: Schema.String, name: Schema.String })),
        ),
        requestBody: Schema.optionalKey(Schema.Struct({ content: Content })),
        responses: Schema.Record(Schema.String, Schema.Struct({ content: Schema.optionalKey(Content) })),
      }),
    ),
  ),
  components: Schema.Struct({ schemas: Schema.Record(Schema.String, Json) }),
})

const decodeEventSchema = Schema.decodeUnknownSync(EventSchema)

/** Reads a document; what it does not have is not looked for. */
export const readOpenApi = (document: unknown): OpenApi => {
  const { components, paths } = Schema.decodeUnknownSync(Document)(document)
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody, responses }]): Operation => {
      const named = (place: string) => parameters.filter((each) => each.in === place).map(({ name }) => name)
      return {
        method: method.toUpperCase(),
        path,
        pathParameters: named("path"),
        queryParameters: named("query"),
        body: requestBody?.content["application/json"]?.schema,
        answers: Object.fromEntries(
          Object.entries(responses).map(([status, { content }]) => [
            status,
            content === undefined
              ? null
              : Object.fromEntries(
                  Object.entries(content).map(([type, { schema }]) => [
                    type,
                    type === "text/event-stream"
                      ? decodeEventSchema(schema).properties.data.contentSchema
                      : schema,
                  ]),
                ),
          ]),
        ),
      }
    }),
  )
  return { operations, schemas: components.schemas }
}
