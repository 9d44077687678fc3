import type { Mountable } from "@mooring/adapter-node"

/** A Mountable that answers by `fetch`, and handles every path but those below "/elsewhere". */
export const mountable = (
  fetch: (request: Request, hostRequest: unknown) => Response | Promise<Response>,
): Mountable => ({
  fetch: async (request, hostRequest) => fetch(request, hostRequest),
  handles: (pathname) => !pathname.startsWith("/elsewhere"),
})

/** The same, which says that it never makes another request of the one that it gets. */
export const readingByMethod = ({ fetch, handles }: Mountable): Mountable => ({
  fetch: Object.assign((...args: Parameters<typeof fetch>) => fetch(...args), {
    [Symbol.for("@mooring/readsBodiesByMethod")]: true,
  }),
  handles,
})

/** Answers with what it got. */
export const echo = mountable(async (request) =>
  Response.json({
    method: request.method,
    url: request.url,
    headers: Object.fromEntries(request.headers),
    hasBody: request.body !== null,
    body: await request.text(),
  }),
)

/** An event stream that says hello and then nothing more, and what becomes of it. */
export const openStream = (options: { readonly hello?: boolean } = {}) => {
  const cancelled = Promise.withResolvers<number>()
  const aborted = Promise.withResolvers<number>()
  const counts = { cancel: 0, abort: 0 }
  const listen = (request: Request): void =>
    request.signal.addEventListener("abort", () => {
      counts.abort++
      aborted.resolve(performance.now())
    })
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      if (options.hello !== false) controller.enqueue(new TextEncoder().encode("data: hello\n\n"))
    },
    cancel: () => {
      counts.cancel++
      cancelled.resolve(performance.now())
    },
  })
  return {
    counts,
    /** When (`performance.now()`) the stream was cancelled and the signal aborted. */
    released: Promise.all([cancelled.promise, aborted.promise]),
    mountable: mountable((request) => {
      listen(request)
      return new Response(body, { headers: { "content-type": "text/event-stream" } })
    }),
  }
}

/** A body of `total` chunks of 64 KiB, made one by one as they are asked for. */
export const counted = (total: number) => {
  const state = { produced: 0 }
  const body = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        if (state.produced === total) return controller.close()
        state.produced++
        controller.enqueue(new Uint8Array(65_536).fill(state.produced))
      },
    },
    { highWaterMark: 0 },
  )
  return { state, body, bytes: total * 65_536 }
}
