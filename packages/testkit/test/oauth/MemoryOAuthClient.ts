import type {
  OAuthClientMetadata,
  OAuthClientProvider,
  OAuthDiscoveryState,
  StoredOAuthClientInformation,
  StoredOAuthTokens,
} from "@modelcontextprotocol/client"

export interface MemoryOAuthClientOptions {
  readonly client?: StoredOAuthClientInformation
  readonly redirectUri?: string
  readonly clientMetadataUrl?: string
}

/** The memory of one user's sign-in, as the bare MCP client wants it. It checks nothing by itself. */
export class MemoryOAuthClient implements OAuthClientProvider {
  readonly redirectUrl: string
  readonly clientMetadataUrl?: string
  client: StoredOAuthClientInformation | undefined
  current: StoredOAuthTokens | undefined
  authorizationUrl: URL | undefined
  #discovery: OAuthDiscoveryState | undefined
  #verifier = ""

  constructor(options: MemoryOAuthClientOptions = {}) {
    this.redirectUrl = options.redirectUri ?? "http://127.0.0.1:9/callback"
    this.client = options.client
    if (options.clientMetadataUrl !== undefined) this.clientMetadataUrl = options.clientMetadataUrl
  }

  get clientMetadata(): OAuthClientMetadata {
    return {
      client_name: "testkit",
      redirect_uris: [this.redirectUrl],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      token_endpoint_auth_method: "none",
    }
  }

  state(): string {
    return "the-state"
  }

  clientInformation(): StoredOAuthClientInformation | undefined {
    return this.client
  }

  saveClientInformation(client: StoredOAuthClientInformation): void {
    this.client = client
  }

  tokens(): StoredOAuthTokens | undefined {
    return this.current
  }

  saveTokens(tokens: StoredOAuthTokens): void {
    this.current = tokens
  }

  redirectToAuthorization(url: URL): void {
    this.authorizationUrl = url
  }

  saveCodeVerifier(verifier: string): void {
    this.#verifier = verifier
  }

  codeVerifier(): string {
    return this.#verifier
  }

  saveDiscoveryState(discovery: OAuthDiscoveryState): void {
    this.#discovery = discovery
  }

  discoveryState(): OAuthDiscoveryState | undefined {
    return this.#discovery
  }
}
