/**
 * One address and nothing else. What could end it and begin another address, header or command is in no address that mail is sent
 * to: white space, control characters, brackets, quotes, commas, semicolons and a second @. Quoted names (`"john doe"@...`) are lost by that.
 */
export function isAddress(text: string): boolean {
  return text.length <= 320 && ADDRESS.test(text)
}

const ADDRESS = /^[^\s\p{C}<>()[\]\\,;:"@]+@(?:[^\s\p{C}<>()[\]\\,;:"@]+|\[[\da-fA-F.:IPv]+\])$/u
