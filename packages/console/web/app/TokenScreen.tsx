import { useState } from "preact/hooks"
import { Heading } from "../parts/Heading.tsx"
import { TextField } from "../parts/TextField.tsx"

/** Where the host does not know who is there: by its own sign-in, or by a token that the user has. */
export const TokenScreen = ({ onToken }: { readonly onToken: (token: string) => void }) => {
  const [token, setToken] = useState("")
  return (
    <section class="narrow panel">
      <Heading>Who are you?</Heading>
      <p>The host does not know you here. Sign in to it and load this page again, or use an access token.</p>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault()
          if (token.trim() !== "") onToken(token.trim())
        }}
      >
        <TextField
          label="Access token"
          type="password"
          hint="It is kept in this page only, and forgotten when you leave it."
          value={token}
          onValue={setToken}
        />
        <div class="actions">
          <button class="primary" type="submit">
            Go on
          </button>
        </div>
      </form>
    </section>
  )
}
