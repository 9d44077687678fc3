import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"

/**
 * The answer that tells events as they happen (WHATWG HTML, server-sent events). Each is one line of JSON, without a
 * field `event`, for which the API's clients would drop it. `HttpApi`'s own encoding sends a failure in mid-stream,
 * with its cause, to the client, and knows no comments.
 */
export const eventStream = (events: Stream.Stream<{ readonly event: string }>) =>
  HttpServerResponse.stream(
    events.pipe(
      Stream.catchCause((cause) =>
        Cause.hasInterruptsOnly(cause)
          ? Stream.empty
          : Stream.fromEffect(
              Effect.as(
                Effect.logError("A stream of events failed in a way that Mooring did not foresee", cause),
                internalError,
              ),
            ),
      ),
      Stream.map((event) => `data: ${asciiJson(event)}\n\n`),
      Stream.merge(Stream.fromSchedule(Schedule.spaced("15 seconds")).pipe(Stream.map(() => ": ping\n\n")), {
        haltStrategy: "left",
      }),
      Stream.encodeText,
    ),
    {
      contentType: "text/event-stream",
      headers: { "cache-control": "no-cache, no-transform", "x-accel-buffering": "no" },
    },
  )

const internalError = {
  event: "error",
  message: "Internal error. The host's log has the details.",
  code: "internal_error",
}

/**
 * The older client splits what is not ASCII where a chunk ends within a character, and takes `[DONE]`, wherever it
 * stands in a line, for the end of the stream.
 */
const asciiJson = (value: unknown): string =>
  JSON.stringify(value).replaceAll(
    /[\u0080-\uffff]|\[(?=DONE\])/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  )
