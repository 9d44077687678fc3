import { useEffect, useState } from "preact/hooks"

/** That something is being loaded: after a moment, so that what comes at once does not flicker. */
export const Loading = ({ what }: { readonly what: string }) => {
  const [isShown, setIsShown] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setIsShown(true), 150)
    return () => clearTimeout(timer)
  }, [])
  return (
    <p class="loading" role="status">
      {isShown && (
        <>
          <span class="spinner" aria-hidden="true" />
          Loading {what} …
        </>
      )}
    </p>
  )
}
