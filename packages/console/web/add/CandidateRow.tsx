import { toHash } from "../app/Route.ts"
import { ForeignText } from "../parts/ForeignText.tsx"
import type { Candidate } from "./parseImport.ts"

/** What came of registering a server of the file. */
export type ImportOutcome =
  | { readonly status: "added"; readonly id: string }
  | { readonly status: "adding" }
  | { readonly status: "refused"; readonly reason: string }

interface CandidateRowProps {
  readonly candidate: Candidate
  readonly isChosen: boolean
  readonly onChosen: (isChosen: boolean) => void
  readonly outcome: ImportOutcome | undefined
}

/** A server of the file: what would be registered, to the letter but for its secrets. */
export const CandidateRow = ({ candidate, isChosen, onChosen, outcome }: CandidateRowProps) => {
  const canBeAdded = "config" in candidate && outcome?.status !== "added"
  return (
    <li class="candidate">
      <label>
        <input
          type="checkbox"
          checked={canBeAdded && isChosen}
          disabled={!canBeAdded}
          onChange={(event) => onChosen(event.currentTarget.checked)}
        />
        <strong>
          <ForeignText text={candidate.name} />
        </strong>
      </label>
      {"problem" in candidate ? (
        <p class="problem">{candidate.problem}</p>
      ) : (
        <>
          <p class="whereabouts">
            <ForeignText text={gist(candidate.config)} length={500} />
          </p>
          {names(candidate.config) !== "" && (
            <p class="hint">
              With secrets: <ForeignText text={names(candidate.config)} length={300} />
            </p>
          )}
          {candidate.notes.map((note) => (
            <p class="hint" key={note}>
              {note}
            </p>
          ))}
        </>
      )}
      {outcome !== undefined && (
        <p role="status" class={outcome.status === "refused" ? "problem" : "hint"}>
          {outcome.status === "adding" && "Being added …"}
          {outcome.status === "added" && (
            <>
              Added.{" "}
              <a href={toHash.connect(outcome.id)}>
                Connect<span class="for-readers"> to {candidate.name}</span>
              </a>
            </>
          )}
          {outcome.status === "refused" && <ForeignText text={outcome.reason} length={500} />}
        </p>
      )}
    </li>
  )
}

const gist = (config: Readonly<Record<string, unknown>>): string =>
  typeof config["server_url"] === "string"
    ? config["server_url"]
    : [config["command"], ...(Array.isArray(config["args"]) ? config["args"] : [])].join(" ")

const names = (config: Readonly<Record<string, unknown>>): string =>
  Object.keys({ ...objectOf(config["env"]), ...objectOf(config["custom_headers"]) }).join(", ")

const objectOf = (value: unknown): object => (typeof value === "object" && value !== null ? value : {})
