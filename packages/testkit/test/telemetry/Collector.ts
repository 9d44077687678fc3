import { once } from "node:events"
import { createServer } from "node:http"

interface Value {
  readonly stringValue?: string
  readonly intValue?: number | string
  readonly doubleValue?: number
  readonly boolValue?: boolean
}

interface KeyValue {
  readonly key: string
  readonly value: Value
}

export interface CollectedSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  /** 1: internal, 3: client. */
  readonly kind: number
  readonly attributes: Readonly<Record<string, unknown>>
  /** 2: error. */
  readonly status: { readonly code: number; readonly message?: string }
}

export interface CollectedPoint {
  readonly metric: string
  readonly unit: string
  readonly attributes: Readonly<Record<string, unknown>>
  readonly count?: number
  readonly asDouble?: number
  readonly explicitBounds?: ReadonlyArray<number>
}

/** A collector of OpenTelemetry's for tests: OTLP as JSON over HTTP, kept as it came. */
export interface Collector extends AsyncDisposable {
  readonly url: string
  /** Everything that was sent, headers included. */
  readonly text: () => string
  readonly spans: () => ReadonlyArray<CollectedSpan>
  /** Of the last export. */
  readonly points: () => ReadonlyArray<CollectedPoint>
  readonly logs: () => ReadonlyArray<Readonly<Record<string, unknown>>>
  readonly service: () => unknown
}

export const startCollector = async (): Promise<Collector> => {
  const exports: Array<{ path: string; headers: string; body: string }> = []
  const server = createServer(async (request, response) => {
    const chunks: Array<Uint8Array> = []
    for await (const chunk of request) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString()
    exports.push({ path: request.url ?? "", headers: JSON.stringify(request.headers), body })
    response.end("{}")
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("no port")
  const of = (path: string) =>
    exports.filter((each) => each.path === path).map(({ body }): Exported => JSON.parse(body))

  return {
    url: `http://127.0.0.1:${address.port}`,
    text: () => JSON.stringify(exports),
    spans: () =>
      of("/v1/traces")
        .flatMap(({ resourceSpans = [] }) => resourceSpans)
        .flatMap(({ scopeSpans }) => scopeSpans)
        .flatMap(({ spans }) => spans)
        .map((span) => ({ ...span, attributes: toRecord(span.attributes) })),
    points: () =>
      (of("/v1/metrics").at(-1)?.resourceMetrics ?? [])
        .flatMap(({ scopeMetrics }) => scopeMetrics)
        .flatMap(({ metrics }) => metrics)
        .flatMap(({ histogram, name, sum, unit }) =>
          (histogram ?? sum)?.dataPoints.map((point) => ({
            ...point,
            metric: name,
            unit,
            attributes: toRecord(point.attributes),
          })),
        )
        .filter((point) => point !== undefined),
    logs: () =>
      of("/v1/logs")
        .flatMap(({ resourceLogs = [] }) => resourceLogs)
        .flatMap(({ scopeLogs }) => scopeLogs)
        .flatMap(({ logRecords }) => logRecords)
        .map(({ attributes, body }) => ({ ...toRecord(attributes), message: body.stringValue })),
    service: () =>
      toRecord(of("/v1/traces")[0]?.resourceSpans?.[0]?.resource.attributes ?? [])["service.name"],
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, "close")
    },
  }
}

interface Exported {
  readonly resourceSpans?: ReadonlyArray<{
    readonly resource: { readonly attributes: ReadonlyArray<KeyValue> }
    readonly scopeSpans: ReadonlyArray<{
      readonly spans: ReadonlyArray<
        Omit<CollectedSpan, "attributes"> & { readonly attributes: ReadonlyArray<KeyValue> }
      >
    }>
  }>
  readonly resourceMetrics?: ReadonlyArray<{
    readonly scopeMetrics: ReadonlyArray<{
      readonly metrics: ReadonlyArray<{
        readonly name: string
        readonly unit: string
        readonly histogram?: Points
        readonly sum?: Points
      }>
    }>
  }>
  readonly resourceLogs?: ReadonlyArray<{
    readonly scopeLogs: ReadonlyArray<{
      readonly logRecords: ReadonlyArray<{
        readonly attributes: ReadonlyArray<KeyValue>
        readonly body: Value
      }>
    }>
  }>
}

interface Points {
  readonly dataPoints: ReadonlyArray<
    Omit<CollectedPoint, "attributes" | "metric" | "unit"> & { readonly attributes: ReadonlyArray<KeyValue> }
  >
}

const toRecord = (pairs: ReadonlyArray<KeyValue>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    pairs.map(({ key, value: { boolValue, doubleValue, intValue, stringValue } }) => [
      key,
      stringValue ?? (intValue === undefined ? (doubleValue ?? boolValue) : Number(intValue)),
    ]),
  )
