export { Actor, type ActorInput } from "./actors/Actor.ts"
export { ActorResolver, ActorResolverError, type ResolveActor } from "./actors/ActorResolver.ts"
export type { AgentInputSchema, AgentTool, LeftOutTool } from "./agents/AgentTool.ts"
export { type AgentCall, AgentTools, type AgentToolset, type AgentToolsOptions } from "./agents/AgentTools.ts"
export { type AiSdkOutput, aiSdkOutput, type AiSdkTool, aiSdkTools } from "./agents/aiSdk.ts"
export {
  type AnthropicTool,
  type AnthropicToolResult,
  anthropicToolResult,
  anthropicTools,
} from "./agents/anthropic.ts"
export type { AgentToolResult, MooringAgentTools } from "./agents/MooringAgentTools.ts"
export {
  type OpenAIChatTool,
  openaiChatTools,
  type OpenAIFunctionCallOutput,
  openaiFunctionCallOutput,
  type OpenAIResponsesTool,
  openaiResponsesTools,
  type OpenAIToolMessage,
  openaiToolMessage,
} from "./agents/openai.ts"
export { Audit } from "./audit/Audit.ts"
export { AuditAct, type AuditRecord, AuditRecordId } from "./audit/AuditRecord.ts"
export { type AuditPage, AuditStore } from "./audit/AuditStore.ts"
export { ConnectEvent } from "./connect/ConnectEvent.ts"
export { Connector, type ConnectTarget } from "./connect/Connector.ts"
export { TooManyConnects } from "./connect/TooManyConnects.ts"
export { mountAt } from "./http/mountAt.ts"
export { makeWebHandler, type WebHandler } from "./http/WebHandler.ts"
export { createMooring, type Mooring } from "./Mooring.ts"
export type { MooringOptions } from "./MooringOptions.ts"
export { Authorization, AuthorizationId, AuthorizationState } from "./oauth/Authorization.ts"
export { AuthorizationServer } from "./oauth/AuthorizationServer.ts"
export { AuthorizationStore } from "./oauth/AuthorizationStore.ts"
export { ClientKeyUnusable } from "./oauth/checkClientKeys.ts"
export { ClientRegistration, ClientRegistrationId, RegistrationKey } from "./oauth/ClientRegistration.ts"
export { ClientRegistrationStore, maxRegistrations } from "./oauth/ClientRegistrationStore.ts"
export { Credential, CredentialId, CredentialOwner, Tokens } from "./oauth/Credential.ts"
export { CredentialStore } from "./oauth/CredentialStore.ts"
export { IdentityTokens, type TokenAudience } from "./oauth/IdentityTokens.ts"
export { OAuthClient } from "./oauth/OAuthClient.ts"
export { ClientKey, RegisteredClient } from "./oauth/RegisteredClient.ts"
export { ServerGrant } from "./oauth/direct/ServerGrant.ts"
export { Options, type OptionsInput, OptionsSchema } from "./Options.ts"
export { RateLimited } from "./rateLimits/RateLimited.ts"
export { RateLimits } from "./rateLimits/RateLimits.ts"
export { RateLimitStore, type TokenBucket } from "./rateLimits/RateLimitStore.ts"
export { HeaderInvalid } from "./security/checkHeaders.ts"
export { Egress } from "./security/egress/Egress.ts"
export { EgressPolicy } from "./security/egress/EgressPolicy.ts"
export { NetworkForbidden } from "./security/egress/NetworkForbidden.ts"
export { type KeyRingInput, SecretKeysInvalid } from "./security/parseKeyRing.ts"
export { keyIdOf, SecretCipher, type SecretPlace, SecretUnreadable } from "./security/SecretCipher.ts"
export { StdioForbidden, StdioPolicy, StdioPolicyOption, StdioTemplate } from "./security/StdioPolicy.ts"
export {
  type ClientFeatureHandlers,
  ClientFeatures,
  type ElicitationRequest,
  type SamplingRequest,
  type ServerRequestContext,
} from "./serverRequests/ClientFeatures.ts"
export { VariableMissing } from "./servers/fillVariables.ts"
export { InvalidServerConfig } from "./servers/InvalidServerConfig.ts"
export { McpServer, McpServerId, McpServerName } from "./servers/McpServer.ts"
export { McpServerNameTaken } from "./servers/McpServerNameTaken.ts"
export { McpServerNotFound } from "./servers/McpServerNotFound.ts"
export { McpServers } from "./servers/McpServers.ts"
export { type McpServerPage, McpServerStore } from "./servers/McpServerStore.ts"
export { ServerConfig, SseConfig, StdioConfig, StreamableHttpConfig } from "./servers/ServerConfig.ts"
export { ServerConfigUpdate } from "./servers/ServerConfigUpdate.ts"
export { ServerOAuth } from "./servers/ServerOAuth.ts"
export {
  layer,
  layerMemory,
  layerMemoryStores,
  layerPolicies,
  layerServices,
  type Policies,
  type Services,
  type Stores,
} from "./Services.ts"
export {
  AuthorizationRequired,
  McpServerFailing,
  McpServerTimeout,
  McpServerUnreachable,
  TooManySessions,
} from "./sessions/ConnectError.ts"
export type { ServerHealth } from "./sessions/ServerHealth.ts"
export { SessionPool } from "./sessions/SessionPool.ts"
export { Migrations } from "./storage/Migrations.ts"
export { StoreError } from "./storage/StoreError.ts"
export { SignalHub, type StoreListener, type StoreSignal, StoreSignals } from "./storage/StoreSignals.ts"
export type { ApprovedDefinitions, ToolApproval } from "./tools/approval.ts"
export { McpServerChanged } from "./tools/McpServerChanged.ts"
export { McpTool, McpToolId } from "./tools/McpTool.ts"
export { McpToolChanged } from "./tools/McpToolChanged.ts"
export { McpToolNeedsApproval } from "./tools/McpToolNeedsApproval.ts"
export { McpToolNotFound } from "./tools/McpToolNotFound.ts"
export type { ToolChanges, ToolReplacement } from "./tools/replaceTools.ts"
export { type RunEvent, RunLog, RunNotice, RunProgress, type RunResult } from "./tools/RunEvent.ts"
export { SchemaHealth } from "./tools/SchemaHealth.ts"
export { ToolCatalog } from "./tools/ToolCatalog.ts"
export { ToolDefinition } from "./tools/ToolDefinition.ts"
export type { ToolExecution } from "./tools/ToolExecution.ts"
export { toolFingerprint } from "./tools/toolFingerprint.ts"
export { type RunError, ToolRunner } from "./tools/ToolRunner.ts"
export { type OfferedTool, ToolStore } from "./tools/ToolStore.ts"
export { EventsLogged } from "./telemetry/logEvent.ts"
export { otlp, type OtlpOptions } from "./telemetry/otlp.ts"
export { TelemetryEnabled } from "./telemetry/TelemetryEnabled.ts"
export { Challenge } from "./transport/Challenge.ts"
export { Transports, type UnstartedTransport } from "./transport/Transports.ts"
export { version } from "./version.ts"
