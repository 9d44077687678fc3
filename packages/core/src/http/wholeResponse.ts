import * as Cookies from "effect/http/Cookies"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { WholeResponse } from "../web/WholeResponse.ts"

/** The same answer, which adapters can read without a stream where its body is text that is there. */
export const wholeResponse = (
  response: HttpServerResponse.HttpServerResponse,
): HttpServerResponse.HttpServerResponse => {
  const { body, cookies, headers, status } = response
  if (body._tag !== "Uint8Array" || body.text === undefined || !Cookies.isEmpty(cookies)) return response
  const whole = new WholeResponse(body.text, {
    status,
    headers: { ...headers, "content-type": body.contentType, "content-length": String(body.contentLength) },
  })
  return HttpServerResponse.raw(whole, { status })
}
