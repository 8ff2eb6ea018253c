import { IconX } from '@tabler/icons-react'
import type { ContactTag } from '../../../shared/tags.ts'
import './tags.css'

type Props = { tag: Pick<ContactTag, 'name' | 'color'>; remove?: (() => void) | undefined }

/** A tag, as it stands on a contact. */
export function TagChip({ tag: { name, color }, remove }: Props) {
  return (
    <span className="tag-chip" data-color={color ?? 'plain'}>
      <span className="cut">{name}</span>
      {remove && (
        <button type="button" aria-label={`Take ${name} off`} onClick={remove}>
          <IconX size={13} stroke={1.8} aria-hidden />
        </button>
      )}
    </span>
  )
}
