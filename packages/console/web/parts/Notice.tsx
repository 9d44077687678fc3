import type { ComponentChildren } from "preact"

interface NoticeProps {
  readonly tone: "bad" | "good" | "neutral" | "warning"
  readonly title?: string
  readonly children?: ComponentChildren
}

const signs = { bad: "!", good: "✓", neutral: "i", warning: "!" }

/** Something that has just happened, or that one should know. What is bad is said at once. */
export const Notice = ({ children, title, tone }: NoticeProps) => (
  <div class={`notice ${tone}`} role={tone === "bad" ? "alert" : "status"}>
    <span class="sign" aria-hidden="true">
      {signs[tone]}
    </span>
    <div class="notice-text">
      {title !== undefined && <p class="notice-title">{title}</p>}
      {children}
    </div>
  </div>
)
