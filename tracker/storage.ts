import { harmless } from './harmless.ts'

const memory: Record<string, string> = {}
let device = memory
let lasting = false
let cookie_domain: string

/** Without permission, or where the browser refuses storage, everything lives in memory until the page goes. */
export const keepOnDevice = (): void => {
  lasting = true
  device = harmless(() => localStorage)() || memory
}

export const shareAcross = (domain: string): void => {
  cookie_domain = domain
}

export const keysOf = (prefix: string): string[] =>
  Object.keys({ ...memory, ...device })
    .filter(key => !key.indexOf(prefix))
    .sort()

export const read = (key: string): string | undefined => device[key] || memory[key]

/** Erased first: when the device is full, the old value must not win over the one in memory. */
export const write = harmless((key: string, value: string): void => {
  erase(key)
  device[key] = memory[key] = value
})

export const erase = (key: string): void => {
  delete memory[key]
  delete device[key]
}

export const clear = (): void => {
  keepOnDevice()
  keysOf('tl_').forEach(erase)
  writeCookie('', 0)
  device = memory
  lasting = false
}

// A sandboxed frame may not even ask for its cookies.
export const readCookie = harmless(() => lasting && /\btl_id=([^;]+)/.exec(document.cookie)![1])

export const writeCookie = harmless((value: string, seconds = 31536000) => {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is absent from plain http and older browsers
  if (lasting) document.cookie = `tl_id=${value};path=/;max-age=${seconds};samesite=lax;domain=${cookie_domain}`
})
