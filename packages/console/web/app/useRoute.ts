import { useEffect, useState } from "preact/hooks"
import { parseRoute, type Route } from "./Route.ts"

export const navigate = (hash: string): void => {
  location.hash = hash
}

/** The route of the page's address, as it changes. */
export const useRoute = (): Route => {
  const [hash, setHash] = useState(location.hash)
  useEffect(() => {
    const follow = () => setHash(location.hash)
    addEventListener("hashchange", follow)
    // It may have changed since it was read, before anybody listened.
    follow()
    return () => removeEventListener("hashchange", follow)
  }, [])
  return parseRoute(hash)
}
