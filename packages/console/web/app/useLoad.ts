import { useCallback, useEffect, useRef, useState } from "preact/hooks"
import { type ApiError, toApiError } from "../api/ApiError.ts"
import { useApp } from "./AppContext.ts"

/** Something that the API is asked for when a screen is shown. */
export type Loaded<A> = (
  | { readonly status: "failed"; readonly error: ApiError }
  | { readonly status: "loaded"; readonly value: A }
  | { readonly status: "loading" }
) & {
  readonly reload: () => void
  /** Puts a newer value in the place of the loaded one. */
  readonly replace: (value: A) => void
}

/** Loads anew for another key; what was asked for the one before is cancelled. */
export const useLoad = <A>(key: string, load: (signal: AbortSignal) => Promise<A>): Loaded<A> => {
  const { askForToken } = useApp()
  const [state, setState] = useState<{ key: string; count: number; error?: ApiError; value?: { it: A } }>({
    key,
    count: 0,
  })
  const [count, setCount] = useState(0)
  const latest = useRef(load)
  latest.current = load
  useEffect(() => {
    const leaving = new AbortController()
    latest
      .current(leaving.signal)
      .then((it) => setState({ key, count, value: { it } }))
      .catch((error: unknown) => {
        if (leaving.signal.aborted) return
        const failure = toApiError(error)
        if (failure.status === 401) askForToken()
        setState({ key, count, error: failure })
      })
    return () => leaving.abort()
  }, [key, count, askForToken])
  const reload = useCallback(() => setCount((before) => before + 1), [])
  const replace = useCallback((it: A) => setState({ key, count, value: { it } }), [key, count])
  const shared = { reload, replace }
  if (state.key !== key) return { status: "loading", ...shared }
  if (state.value !== undefined) return { status: "loaded", value: state.value.it, ...shared }
  if (state.error !== undefined && state.count === count) {
    return { status: "failed", error: state.error, ...shared }
  }
  return { status: "loading", ...shared }
}
