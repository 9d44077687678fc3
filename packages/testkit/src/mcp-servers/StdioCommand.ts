/** How to start an MCP server as a child process: what a stdio configuration and the MCP packages' transport take. */
export interface StdioCommand {
  readonly command: string
  readonly args: Array<string>
  readonly env?: Record<string, string>
}
