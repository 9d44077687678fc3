import {
  CompleteResponse,
  EventStreamResponse,
  FetchedResponse,
  type ResponseHead,
} from "./FetchedResponse.ts"
import { fetchFailure } from "./fetchFailure.ts"

/** What came back for one request, before anybody has made a `Response` of it. */
export type Answer = {
  readonly head: ResponseHead
  /** The body no longer has the content coding and length that the headers tell. */
  readonly isDecoded: boolean
} & (
  | {
      readonly type: "complete"
      /** Null where the response has no body. */
      readonly bytes: Uint8Array | null
    }
  | {
      readonly type: "events"
      readonly events: ReadableStream<Uint8Array>
      /** Of whoever reads the stream as a whole. */
      readonly limit: { readonly maxBytes: number; readonly timeoutMs: number }
    }
)

/** The same as web standards have it. Throws a `TypeError` as `fetch` does. */
export const toResponse = (answer: Answer): Response => {
  const { head, isDecoded } = answer
  if (answer.type === "events") return new EventStreamResponse(answer.events, head, isDecoded, answer.limit)
  try {
    return answer.bytes === null
      ? new FetchedResponse(null, head, isDecoded)
      : new CompleteResponse(answer.bytes, head, isDecoded)
  } catch (error) {
    // `Response` knows no status above 599.
    throw fetchFailure(error)
  }
}

/** A header of an answer, several of them joined as `Headers` does. */
export const headerOf = ({ headers }: ResponseHead, name: string): string | undefined => {
  const value = headers[name]
  return typeof value === "string" ? value : value?.join(", ")
}
