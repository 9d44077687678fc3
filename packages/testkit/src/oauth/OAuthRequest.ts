/** One request to an authorization server for tests, with everything that a test may want to know of it. */
export interface OAuthRequest {
  readonly method: string
  /** The URL's path, without the query. */
  readonly path: string
  /** The query; values of a repeated parameter are joined by `, `. */
  readonly query: Readonly<Record<string, string>>
  /** A form's fields, joined like the query's; empty where the body is none. */
  readonly form: Readonly<Record<string, string>>
  /** A JSON body; absent where the body is none. */
  readonly json?: unknown
  /** The body as it arrived, e.g. to look for what must never have been sent. */
  readonly body: string
  /** Names are in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** When it arrived, in milliseconds since 1970. */
  readonly time: number
}

/** Takes down a request. Its body can be read once more. */
export async function toOAuthRequest(request: Request): Promise<OAuthRequest> {
  const { pathname, searchParams } = new URL(request.url)
  const body = await request.clone().text()
  const contentType = request.headers.get("content-type") ?? ""
  const json = contentType.startsWith("application/json") ? parsed(body) : undefined
  return {
    method: request.method,
    path: pathname,
    query: joined(searchParams),
    form: contentType.startsWith("application/x-www-form-urlencoded")
      ? joined(new URLSearchParams(body))
      : {},
    ...(json === undefined ? {} : { json }),
    body,
    headers: Object.fromEntries(request.headers),
    time: Date.now(),
  }
}

function joined(parameters: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...parameters.keys()].map((name) => [name, parameters.getAll(name).join(", ")]))
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
