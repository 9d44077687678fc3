import { once } from "node:events"
import { createServer } from "node:http"

/**
 * Stands in for an OpenTelemetry collector: it prints what it is sent by OTLP. A real one, such as `otel-tui` or the
 * OpenTelemetry Collector with its debug exporter, listens on http://localhost:4318.
 */
export const printingCollector = async () => {
  const server = createServer(async (request, response) => {
    const chunks: Array<Uint8Array> = []
    for await (const chunk of request) chunks.push(chunk)
    print(request.url ?? "", JSON.parse(Buffer.concat(chunks).toString()))
    response.setHeader("content-type", "application/json").end("{}")
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("The collector has no port")
  return { url: `http://127.0.0.1:${address.port}`, close: () => server.close() }
}

interface Named {
  readonly name: string
  readonly spanId?: string
  readonly parentSpanId?: string
  readonly attributes?: ReadonlyArray<{
    readonly key: string
    readonly value: Readonly<Record<string, unknown>>
  }>
}

interface Exported {
  readonly resourceSpans?: ReadonlyArray<{ scopeSpans: ReadonlyArray<{ spans: ReadonlyArray<Named> }> }>
  readonly resourceMetrics?: ReadonlyArray<{ scopeMetrics: ReadonlyArray<{ metrics: ReadonlyArray<Named> }> }>
  readonly resourceLogs?: ReadonlyArray<{
    scopeLogs: ReadonlyArray<{
      logRecords: ReadonlyArray<Omit<Named, "name"> & { body: { stringValue: string } }>
    }>
  }>
}

const print = (path: string, { resourceLogs, resourceMetrics, resourceSpans }: Exported) => {
  console.log(path)
  for (const { scopeSpans } of resourceSpans ?? []) {
    for (const { attributes, name, parentSpanId = "none", spanId } of scopeSpans.flatMap(
      ({ spans }) => spans,
    )) {
      console.log(`  span ${name} (${spanId}, parent ${parentSpanId})`, toRecord(attributes))
    }
  }
  for (const { scopeMetrics } of resourceMetrics ?? []) {
    for (const { name } of scopeMetrics.flatMap(({ metrics }) => metrics)) console.log(`  metric ${name}`)
  }
  for (const { scopeLogs } of resourceLogs ?? []) {
    for (const { attributes, body } of scopeLogs.flatMap(({ logRecords }) => logRecords)) {
      console.log(`  log ${body.stringValue}`, toRecord(attributes))
    }
  }
}

const toRecord = (attributes: Named["attributes"] = []) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))
