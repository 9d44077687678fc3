/** The host as the walk uses it. */
export interface Target {
  readonly url: string
  /** Sent as `Authorization: Bearer <token>`. */
  readonly token: string | undefined
  readonly signal: AbortSignal
}

export interface Call {
  readonly method: "DELETE" | "GET" | "POST"
  readonly path: string
  readonly body?: object
}

export interface Answer {
  readonly status: number
  /** What came as JSON; undefined where nothing did. */
  readonly body: unknown
}

/** Longer than any answer may take. */
const patienceMs = 70_000

/** One request to the host, through the network as any client would send it. */
export const send = (target: Target, { body, method, path }: Call): Promise<Response> =>
  fetch(target.url + path, {
    method,
    headers: {
      ...(target.token === undefined ? {} : { authorization: `Bearer ${target.token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.any([target.signal, AbortSignal.timeout(patienceMs)]),
  })

/** One request to the host and its answer. */
export const exchange = async (target: Target, call: Call): Promise<Answer> => {
  const response = await send(target, call)
  const text = await response.text()
  return { status: response.status, body: text === "" ? undefined : JSON.parse(text) }
}
