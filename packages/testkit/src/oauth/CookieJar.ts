interface Cookie {
  readonly name: string
  readonly value: string
  readonly path: string
}

/** The cookies of one browser at one origin (RFC 6265, as far as authorization servers go). */
export class CookieJar {
  #cookies: ReadonlyArray<Cookie> = []

  /** Takes what a response to a request for `url` sets. */
  take(url: URL, headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const [pair = "", ...attributes] = line.split(";").map((part) => part.trim())
      const [name = "", value = ""] = split(pair)
      const attribute = (wanted: string) =>
        attributes.map(split).find(([key]) => key?.toLowerCase() === wanted)?.[1]
      const path = attribute("path") ?? url.pathname.slice(0, url.pathname.lastIndexOf("/") + 1)
      const expires = attribute("expires")
      this.#cookies = this.#cookies.filter((cookie) => cookie.name !== name || cookie.path !== path)
      if (expires !== undefined && Date.parse(expires) <= Date.now()) continue
      this.#cookies = [...this.#cookies, { name, value, path }]
    }
  }

  /** The header `Cookie` for a request for `url`. */
  header(url: URL): string {
    return this.#cookies
      .filter(({ path }) => covers(path, url.pathname))
      .map(({ name, value }) => `${name}=${value}`)
      .join("; ")
  }
}

function covers(path: string, pathname: string): boolean {
  return pathname === path || pathname.startsWith(path.endsWith("/") ? path : `${path}/`)
}

function split(pair: string): [string, string] {
  const end = pair.indexOf("=")
  return end === -1 ? [pair, ""] : [pair.slice(0, end), pair.slice(end + 1)]
}
