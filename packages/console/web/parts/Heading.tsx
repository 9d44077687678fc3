import type { ComponentChildren } from "preact"
import { useEffect, useRef } from "preact/hooks"

let hasNavigated = false

/** From the first change of the address on, the heading of what is shown takes the focus. */
export const rememberNavigation = (): void => {
  addEventListener("hashchange", () => (hasNavigated = true), { once: true })
}

interface HeadingProps {
  readonly children: ComponentChildren
  readonly level?: 1 | 2
  /** What the window is called; the text of the heading where it is one. */
  readonly windowTitle?: string | undefined
}

/** The heading of a screen or of a part that is opened like one: it takes the focus, and names the window. */
export const Heading = ({ children, level = 1, windowTitle }: HeadingProps) => {
  const heading = useRef<HTMLHeadingElement>(null)
  const title = windowTitle ?? (typeof children === "string" ? children : undefined)
  useEffect(() => {
    if (hasNavigated) heading.current?.focus()
  }, [])
  useEffect(() => {
    if (title !== undefined) document.title = title === "MCP servers" ? title : `${title} · MCP servers`
  }, [title])
  const Tag = level === 1 ? "h1" : "h2"
  return (
    <Tag ref={heading} tabIndex={-1}>
      {children}
    </Tag>
  )
}
