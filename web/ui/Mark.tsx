/** The name, and the line that runs through it. */
export function Mark() {
  return (
    <span className="mark">
      <svg viewBox="0 0 28 16" width="28" height="16" aria-hidden="true">
        <path d="M3 12.5C9 12.5 8.5 3.5 14 3.5s5 9 11 9" fill="none" stroke="currentColor" strokeWidth="1.75" opacity=".45" />
        <circle cx="3.2" cy="12.5" r="2.2" fill="currentColor" />
        <circle cx="14" cy="3.5" r="2.2" fill="currentColor" />
        <circle cx="24.6" cy="12.5" r="2.9" fill="currentColor" />
      </svg>
      Throughline
    </span>
  )
}
