import { badgeLabels, type ToolBadge } from "./toolBadges.ts"

export const ToolBadges = ({ badges }: { readonly badges: ReadonlyArray<ToolBadge> }) =>
  badges.length === 0 ? null : (
    <span class="badges">
      {badges.map((badge) => (
        <span key={badge} class={`badge ${badge}`}>
          {badgeLabels[badge]}
        </span>
      ))}
    </span>
  )
