import { CookieJar } from "./CookieJar.ts"

export interface SignInOptions {
  /** Who signs in. Default: `alice`. */
  readonly user?: string
  /** Whether the user then consents. Default: true. */
  readonly allow?: boolean
}

/** More pages than there are, so that a server that sends its users in circles is noticed. */
const pageLimit = 10

/**
 * Does what a user does in a browser of their own: follows an authorization URL, signs in, consents or refuses. The
 * result is where the server sends the browser in the end, with `code` or `error`: the callback, which is not called.
 *
 * Works with every authorization server of this package.
 *
 * @throws Error with the text of the page when the server shows an error instead of redirecting.
 */
export async function signIn(
  authorizationUrl: string | URL,
  { user = "alice", allow = true }: SignInOptions = {},
): Promise<URL> {
  const jar = new CookieJar()
  const { origin } = new URL(authorizationUrl)
  let url = new URL(authorizationUrl)
  let form: URLSearchParams | undefined
  for (let page = 0; page < pageLimit; page++) {
    const answer = await fetch(url, {
      redirect: "manual",
      headers: { accept: "text/html", cookie: jar.header(url) },
      ...(form === undefined ? {} : { method: "POST", body: form }),
    })
    jar.take(url, answer.headers)
    const text = await answer.text()
    const location = answer.headers.get("location")
    if (location !== null) {
      url = new URL(location, url)
      form = undefined
      if (url.origin !== origin) return url
      continue
    }
    form = answer.ok ? filledIn(text, user, allow) : undefined
    if (form === undefined) {
      const page = text.replace(/<style>.*<\/style>\n/s, "")
      throw new Error(`The authorization server answered ${answer.status}: ${page}`)
    }
  }
  throw new Error(`The authorization server still shows pages after ${pageLimit}`)
}

/** The form of a page as the user sends it; undefined where there is none for them. */
function filledIn(page: string, user: string, allow: boolean): URLSearchParams | undefined {
  if (page.includes('name="user"')) return new URLSearchParams({ user })
  if (page.includes('value="allow"')) return new URLSearchParams({ decision: allow ? "allow" : "refuse" })
  return undefined
}
