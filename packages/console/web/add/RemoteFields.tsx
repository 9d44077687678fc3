import { useId } from "preact/hooks"
import { TextField } from "../parts/TextField.tsx"
import { SecretList } from "./SecretList.tsx"
import type { DraftProblems, OAuthDraft, ServerDraft } from "./ServerDraft.ts"

interface RemoteFieldsProps {
  readonly draft: ServerDraft
  readonly change: (part: Partial<ServerDraft>) => void
  readonly problems: DraftProblems
  readonly isRegistered: boolean
}

const grantTypes: ReadonlyArray<readonly [string, string]> = [
  ["authorization_code", "Each user signs in"],
  ["client_credentials", "The application signs in by itself"],
]

/** The fields of a server behind an address. What few need is folded away until somebody looks, or something is wrong in it. */
export const RemoteFields = ({ change, draft, isRegistered, problems }: RemoteFieldsProps) => {
  const grantId = useId()
  const { oauth } = draft
  const changeOAuth = (part: Partial<OAuthDraft>) => change({ oauth: { ...oauth, ...part } })
  const hasTokenParts =
    draft.headers.length > 0 || problems.fields.has("headers") || problems.fields.has("tokenHeader")
  const kept = isRegistered ? "Left empty, it stays as it is." : "Stored encrypted, and not shown again."
  return (
    <>
      <TextField
        label="Address"
        isRequired
        isCode
        type="url"
        placeholder="https://example.com/mcp"
        hint="Where its users sign in, you are asked to when it is connected: nothing more is needed here."
        value={draft.url}
        onValue={(url) => change({ url })}
        problem={problems.fields.get("url")}
      />
      <TextField
        label="Access token"
        isCode
        type="password"
        hint={`Only for a server that wants one from you. ${kept}`}
        value={draft.token}
        onValue={(token) => change({ token })}
        problem={problems.fields.get("token")}
      />
      <details open={hasTokenParts}>
        <summary>Headers</summary>
        <div class="stack">
          <TextField
            label="Header for the token"
            isCode
            placeholder="Authorization"
            value={draft.tokenHeader}
            onValue={(tokenHeader) => change({ tokenHeader })}
            problem={problems.fields.get("tokenHeader")}
          />
          <SecretList
            label="More headers"
            hint="They are sent with every request to this server, and to no other. The values are not shown again."
            what="header"
            entries={draft.headers}
            onEntries={(headers) => change({ headers })}
            problem={problems.fields.get("headers")}
          />
        </div>
      </details>
      <details open={problems.fields.has("oauth") || oauth.clientId !== ""}>
        <summary>OAuth client</summary>
        <div class="stack">
          <p class="hint">Only where the authorization server does not register clients by itself.</p>
          {problems.fields.has("oauth") && (
            <p class="problem" role="alert">
              {problems.fields.get("oauth")}
            </p>
          )}
          <div class="field">
            <label for={grantId}>Who signs in</label>
            <select
              id={grantId}
              value={oauth.grantType}
              onChange={(event) => changeOAuth({ grantType: event.currentTarget.value })}
            >
              {grantTypes.map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
              {!grantTypes.some(([value]) => value === oauth.grantType) && (
                <option value={oauth.grantType}>{oauth.grantType}</option>
              )}
            </select>
          </div>
          <TextField
            label="Client id"
            isCode
            value={oauth.clientId}
            onValue={(clientId) => changeOAuth({ clientId })}
          />
          <TextField
            label="Client secret"
            isCode
            type="password"
            hint={kept}
            value={oauth.clientSecret}
            onValue={(clientSecret) => changeOAuth({ clientSecret })}
          />
          <TextField
            label="Issuer"
            isCode
            placeholder="https://auth.example.com"
            hint="The authorization server that knows this client. The secret is sent to no other."
            value={oauth.issuer}
            onValue={(issuer) => changeOAuth({ issuer })}
          />
          <TextField
            label="Scopes"
            isCode
            hint="Separated by spaces."
            value={oauth.scopes}
            onValue={(scopes) => changeOAuth({ scopes })}
          />
        </div>
      </details>
    </>
  )
}
