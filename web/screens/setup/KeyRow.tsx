import { ActionIcon, Button, CopyButton, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import type { Key } from '../../../shared/workspaces.ts'
import { RelativeTime } from '../../ui/RelativeTime.tsx'

export function KeyRow({ item, revoke }: { item: Key; revoke: () => void }) {
  const { kind, name, prefix, scopes, last_used_at, revoked_at } = item
  return (
    <li className="setup-key" data-revoked={revoked_at !== null || undefined}>
      <div className="setup-key-name">
        <b className="cut">{name}</b>
        <span className="muted">{kind === 'write' ? 'Write key' : `Secret key · ${scopes.join(', ') || 'no scopes'}`}</span>
      </div>
      <div className="setup-key-value">
        <code className="cut">{kind === 'write' ? prefix : `${prefix}…`}</code>
        {kind === 'write' && !revoked_at && <CopyKey text={prefix} name={name} />}
      </div>
      <span className="setup-key-used muted">
        {revoked_at ? (
          <>
            revoked <RelativeTime at={revoked_at} />
          </>
        ) : (
          <>
            {last_used_at && 'used '}
            <RelativeTime at={last_used_at} empty="never used" />
          </>
        )}
      </span>
      {revoked_at ? (
        <span />
      ) : (
        <Button variant="subtle" color="red" size="compact-sm" onClick={revoke} aria-label={`Revoke the key ${name}`}>
          Revoke
        </Button>
      )}
    </li>
  )
}

function CopyKey({ text, name }: { text: string; name: string }) {
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : 'Copy'}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            onClick={copy}
            aria-label={copied ? 'Copied' : `Copy the key ${name}`}
          >
            {copied ? <IconCheck size={14} /> : <IconCopy size={14} stroke={1.6} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  )
}
