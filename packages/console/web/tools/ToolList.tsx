import { useState } from "preact/hooks"
import type { Tool } from "../api/wire.ts"
import { ForeignText } from "../parts/ForeignText.tsx"
import { badgesOf } from "./toolBadges.ts"
import { ToolBadges } from "./ToolBadges.tsx"

interface ToolListProps {
  readonly tools: ReadonlyArray<Tool>
  readonly toolId: string | undefined
  readonly changed: ReadonlySet<string>
  readonly hrefOf: (toolId: string) => string
}

const pageSize = 200

/** Tools by their names. */
export const ToolList = ({ changed, hrefOf, toolId, tools }: ToolListProps) => {
  const [shown, setShown] = useState(pageSize)
  return (
    <>
      <ul class="tool-list">
        {tools.slice(0, shown).map((tool) => (
          <li key={tool.id}>
            <a href={hrefOf(tool.id)} aria-current={tool.id === toolId ? "true" : undefined}>
              <span class="tool-name">
                <ForeignText text={tool.name} length={128} />
              </span>
              <ToolBadges badges={badgesOf(tool, changed)} />
              {tool.description !== "" && (
                <span class="tool-gist">
                  <ForeignText text={tool.description} length={160} />
                </span>
              )}
            </a>
          </li>
        ))}
      </ul>
      {tools.length > shown && (
        <button type="button" onClick={() => setShown(shown + pageSize)}>
          Show more of {tools.length}
        </button>
      )}
    </>
  )
}
