/**
 * A PostgreSQL URL as it may be shown, without password and parameters; undefined where it is of no such form, or where
 * an unescaped character of the password could have made a part of it look like something else.
 */
export const postgresLocation = (text: string): string | undefined => {
  const url = URL.parse(text)
  if (url === null || url.hash !== "" || /@/.test(url.pathname + url.search)) return undefined
  // As for libpq: parameters win over what stands before them.
  const parameter = (name: string) => url.searchParams.getAll(name).at(-1)
  const user = parameter("user") ?? unescape(url.username)
  const host = parameter("host") ?? unescape(url.hostname)
  const port = parameter("port") ?? (url.port || "5432")
  const database = parameter("dbname") ?? unescape(url.pathname.slice(1))
  const isPasswordReadable = unescape(url.password) !== undefined
  if (user === undefined || host === undefined || database === undefined || !isPasswordReadable)
    return undefined
  return `postgres://${user}${user && "@"}${host || "localhost"}:${port}/${database}`
}

const unescape = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
