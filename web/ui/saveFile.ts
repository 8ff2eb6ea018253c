/** Lets the browser save it. */
export function saveFile(name: string, content: Blob) {
  const address = URL.createObjectURL(content)
  Object.assign(document.createElement('a'), { href: address, download: name }).click()
  URL.revokeObjectURL(address)
}

/** The same for a file of the server's, under the name that it has there. */
export function saveFrom(address: string) {
  Object.assign(document.createElement('a'), { href: address, download: '' }).click()
}
