import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { Transfer } from '../../../shared/transfers.ts'
import { exported } from '../../api/transfers.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { CopyText } from '../../ui/CopyText.tsx'
import { absolute } from '../../ui/times.ts'
import { bytesWords } from './bytes.ts'

/** The file, and a link for a program that goes on where it was cut off. */
export function ExportResult({ transfer: { id, state } }: { transfer: Transfer }) {
  const { data } = useQuery(exported(useWorkspaceId(), id))
  if (!data || state !== 'done') return null
  const { file } = data
  if (!file)
    return <p className="transfer-about">The file is not there any more, or it is for who asked for it. Export the list again.</p>
  const { pathname, search } = new URL(file.url)
  return (
    <section className="transfer-file" aria-label="File">
      <Button component="a" href={pathname + search} download leftSection={<IconDownload size={16} stroke={1.6} />}>
        Download {bytesWords(file.bytes)}
      </Button>
      <p className="muted">
        Kept until {absolute(file.kept_until)}. For a large file, this goes on where it was cut off; the link works for an hour:
      </p>
      <CopyText text={`curl -C - -o "${file.name}" "${file.url}"`} label="command" />
    </section>
  )
}
