import { Progress as Bar, Button } from '@mantine/core'
import { leftWords } from '../../../ui/pace.ts'
import { bytesWords } from '../bytes.ts'
import type { Sent } from './useSendFile.ts'

/** How much of a file is sent, how fast it goes, and how long it still takes. */
export function Sending({ sending: { file, sent, took }, cancel }: { sending: Sent; cancel: () => void }) {
  const per_second = took > 0 ? sent / (took / 1000) : 0
  const is_sent = sent === file.size
  const facts = is_sent
    ? [bytesWords(file.size), 'sent', 'the last rows are being read']
    : [
        `${bytesWords(sent)} of ${bytesWords(file.size)}`,
        per_second > 0 ? `${bytesWords(Math.round(per_second))} a second` : null,
        per_second > 0 ? leftWords((file.size - sent) / per_second) : null,
      ]
  const percent = is_sent ? 100 : (sent / file.size) * 100
  return (
    <section className="import-sending" aria-label="Being sent">
      <p className="cut">{file.name}</p>
      <Bar size={10} radius="sm" value={percent} animated aria-label={`${Math.round(percent)} % sent`} />
      <p className="import-facts number">{facts.filter(Boolean).join(' · ')}</p>
      <Button variant="default" onClick={cancel}>
        Cancel
      </Button>
    </section>
  )
}
