/**
 * Tells the adapters that this `fetch` reads bodies by the methods and fields of the request that it gets alone, and
 * never makes another of it by `new Request(request)`: they then make no stream for a body that is read in one go.
 */
export const readsBodiesByMethod = <F extends (request: Request, hostRequest?: unknown) => unknown>(
  fetch: F,
): F => Object.assign(fetch, { [mark]: true })

// As `@mooring/adapter-node` has it, which does without this package.
const mark = Symbol.for("@mooring/readsBodiesByMethod")
