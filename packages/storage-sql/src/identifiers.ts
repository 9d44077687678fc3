/**
 * Whether a text can be an id of ours. Others are not there, and are not worth a statement: PostgreSQL would refuse
 * some of them, such as one with a NUL.
 */
export const isServerId = (text: string): boolean => /^mcp_server-[0-9a-f-]{36}$/.test(text)
export const isToolId = (text: string): boolean => /^tool-[0-9a-f-]{36}$/.test(text)
export const isAuthorizationId = (text: string): boolean => /^mcp_authorization-[0-9a-f-]{36}$/.test(text)
export const isAuditRecordId = (text: string): boolean => /^mcp_audit-[0-9a-f-]{36}$/.test(text)
/** SHA-256, in hex or base64url. */
export const isStateHash = (text: string): boolean => /^[\w-]{43,64}$/.test(text)

/**
 * Whether a text can be a name that is stored: PostgreSQL has no NUL, and half of a surrogate pair would be sent as
 * U+FFFD, which is a name of its own.
 */
export const isStorableName = (text: string): boolean => !/[\0\p{Surrogate}]/u.test(text)
