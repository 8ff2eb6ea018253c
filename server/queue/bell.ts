/** Something that sleeps until somebody rings, or the time is over. A ring while nobody sleeps is heard at the next wait. */
export function makeBell() {
  let rung = false
  let wake = () => {}
  const ring = () => {
    rung = true
    wake()
  }
  const wait = async (ms: number) => {
    let timer: NodeJS.Timeout | undefined
    if (!rung)
      await new Promise<void>(resolve => {
        wake = resolve
        timer = setTimeout(resolve, Math.max(ms, 1))
      })
    clearTimeout(timer)
    rung = false
  }
  return { ring, wait }
}
