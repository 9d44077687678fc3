/** A connecting, a listing or a call: what goes on in a session while its MCP server may ask for something. */
export interface Operation {
  /** How many requests of the server's were counted against it. */
  readonly asked: number
  /** How many of them are still to be answered. */
  readonly open: number
}

/** Of one operation at once. A person answers one question after the other anyway. */
export const maxOpenRequests = 4

/**
 * The operation that a request counts against which the MCP server sends by itself: up to MCP 2025-11-25 it does not
 * say what it belongs to. Whose question it is, is never guessed: a session in which users are asked is one user's.
 *
 * Where nothing goes on there is none, because nobody has caused the question and nobody waits for what comes of it;
 * nor where the server has asked often enough.
 *
 * @param maxRequests of one operation.
 */
export const admitRequest = <O extends Operation>(
  operations: ReadonlyArray<O>,
  maxRequests: number,
): O | undefined =>
  operations
    .filter(({ asked, open }) => asked < maxRequests && open < maxOpenRequests)
    .toSorted((one, other) => one.asked - other.asked)
    .at(0)
