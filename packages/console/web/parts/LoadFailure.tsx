import type { ApiError } from "../api/ApiError.ts"
import { ForeignText } from "./ForeignText.tsx"
import { Notice } from "./Notice.tsx"

interface LoadFailureProps {
  readonly title: string
  readonly error: ApiError
  readonly onRetry: () => void
}

export const LoadFailure = ({ error, onRetry, title }: LoadFailureProps) => (
  <Notice tone="bad" title={title}>
    <p>
      <ForeignText text={error.message} length={1_000} />
    </p>
    <button type="button" onClick={onRetry}>
      Try again
    </button>
  </Notice>
)
