/** What something is that is no calendar, as a sentence for whoever gave its address; null for what begins as one. */
export function wrongBeginning(text: string): string | null {
  const beginning = text.replace(/^\uFEFF/, '').trimStart()
  if (/^BEGIN:VCALENDAR\s/i.test(beginning)) return null
  if (beginning === '') return 'There is nothing at this address: the answer was empty.'
  if (beginning.startsWith('<')) return 'This is the address of a web page, not of a calendar. Copy the one that ends in .ics.'
  return 'What is at this address is no calendar: it does not begin with BEGIN:VCALENDAR.'
}
