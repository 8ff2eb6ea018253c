const NAME = 'throughline.workspace'

export function lastWorkspace() {
  try {
    return Number(localStorage.getItem(NAME))
  } catch {
    return 0 // storage may be forbidden
  }
}

export function rememberWorkspace(id: number) {
  try {
    localStorage.setItem(NAME, String(id))
  } catch {}
}
