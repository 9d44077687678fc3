import { OAuthError, OAuthErrorCode } from "@modelcontextprotocol/client"

/** Whether an authorization server says that it does not know the client, or no longer (RFC 6749, section 5.2). */
export const isClientUnknown = (error: unknown): boolean =>
  error instanceof OAuthError && isUnknownClientCode(error.code)

/** The same by the word alone, as it also comes with a callback (section 4.1.2.1). */
export const isUnknownClientCode = (code: string | undefined): boolean =>
  code === OAuthErrorCode.InvalidClient || code === OAuthErrorCode.UnauthorizedClient
