export { hostSuite } from "./host-suite/hostSuite.ts"
export type { HostTraits, ListeningHost, StartHost } from "./host-suite/SuiteHost.ts"
export { askTool } from "./mcp-servers/askTool.ts"
export { defaultTools } from "./mcp-servers/defaultTools.ts"
export { everythingServer } from "./mcp-servers/everythingServer.ts"
export { filesystemServer } from "./mcp-servers/filesystemServer.ts"
export type { HttpTestServer, RecordedRequest } from "./mcp-servers/HttpTestServer.ts"
export {
  type InProcessServer,
  inProcessServer,
  type InProcessServerOptions,
} from "./mcp-servers/inProcessServer.ts"
export { isProcessRunning } from "./mcp-servers/isProcessRunning.ts"
export { legacyServer, type SessionTestServer } from "./mcp-servers/legacyServer.ts"
export { legacySseServer } from "./mcp-servers/legacySseServer.ts"
export { memoryServer } from "./mcp-servers/memoryServer.ts"
export {
  misbehavingCommand,
  type MisbehavingCommandKind,
  misbehavingCommandKinds,
  type MisbehavingCommandOptions,
} from "./mcp-servers/misbehavingCommand.ts"
export {
  misbehavingServer,
  type MisbehavingServer,
  type MisbehavingServerKind,
  misbehavingServerKinds,
  type MisbehavingServerOptions,
} from "./mcp-servers/misbehavingServer.ts"
export { modernServer } from "./mcp-servers/modernServer.ts"
export type { StdioCommand } from "./mcp-servers/StdioCommand.ts"
export { reportTool } from "./mcp-servers/reportTool.ts"
export { stdioServer, type StdioServerOptions } from "./mcp-servers/stdioServer.ts"
export type {
  HttpTestServerOptions,
  McpTestServer,
  ServerEra,
  TestServerOptions,
} from "./mcp-servers/TestServerOptions.ts"
export {
  JsonRpcError,
  type JsonObject,
  type TestTool,
  type TestToolResult,
  textResult,
  type ToolClient,
  type ToolContext,
} from "./mcp-servers/TestTool.ts"
export type { ToolCall, ToolObserver } from "./mcp-servers/ToolRegistry.ts"
export type { AccessToken, AccessTokens } from "./oauth/AccessTokens.ts"
export { authorizationServer, type TestAuthorizationServer } from "./oauth/authorizationServer.ts"
export type { AuthorizationServerOptions, TestClient } from "./oauth/AuthorizationServerOptions.ts"
export {
  identityProvider,
  type IdentityProviderOptions,
  type TestIdentityProvider,
} from "./oauth/identityProvider.ts"
export {
  misbehavingAuthorizationServer,
  type MisbehavingAuthorizationServer,
  type MisbehavingAuthorizationServerKind,
  misbehavingAuthorizationServerKinds,
  type MisbehavingAuthorizationServerOptions,
} from "./oauth/misbehavingAuthorizationServer.ts"
export type { OAuthRequest } from "./oauth/OAuthRequest.ts"
export { protectedMcpServer, type ProtectedMcpServer } from "./oauth/protectedMcpServer.ts"
export type { ProtectedMcpServerOptions } from "./oauth/ProtectedMcpServerOptions.ts"
export { signIn, type SignInOptions } from "./oauth/signIn.ts"
export { storageSuite } from "./storage-suite/storageSuite.ts"
export type { OpenStorage, StorageTraits, StorageUnderTest } from "./storage-suite/StorageUnderTest.ts"
