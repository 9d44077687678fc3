/** A part of the request (target, host, method, body) makes no sense: the client gets a 400 with this message. */
export class MalformedRequest extends Error {
  override readonly name = "MalformedRequest"
}
