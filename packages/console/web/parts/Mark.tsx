/** The sign of the console: an anchor. */
export const Mark = () => (
  <svg class="mark" viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
    <circle cx="16" cy="7" r="3" />
    <path d="M16 10v18M10 15h12M5 19c0 5.500 5 9 11 9s11-3.500 11-9" />
  </svg>
)
