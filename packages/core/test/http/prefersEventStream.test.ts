import { expect, test } from "vitest"
import { prefersEventStream } from "../../src/http/prefersEventStream.ts"

test.each([
  "text/event-stream",
  "TEXT/Event-Stream; charset=utf-8",
  "text/event-stream, application/json",
  "text/event-stream, application/json;q=0.9, */*;q=0.1",
  "application/json;q=0.5,text/event-stream",
  "*/*, text/event-stream;q=0.1",
])("a stream: %s", (accept) => expect(prefersEventStream(accept)).toBe(true))

test.each([
  undefined,
  "",
  "*/*",
  "text/*",
  "application/json",
  "application/json, text/event-stream",
  "text/event-stream;q=0.5, application/json",
  "text/event-stream;q=0",
  "text/event-stream; q=nonsense",
  "text/event-streams",
])("JSON: %s", (accept) => expect(prefersEventStream(accept)).toBe(false))
