/**
 * Whether a text can be an id of ours. Others are not there, and are not worth a statement: PostgreSQL would refuse
 * some of them, such as one with a NUL.
 */
export const isServerId = (text: string): boolean => /^mcp_server-[0-9a-f-]{36}$/.test(text)
export const isToolId = (text: string): boolean => /^tool-[0-9a-f-]{36}$/.test(text)
