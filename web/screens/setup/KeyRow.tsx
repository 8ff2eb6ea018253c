import { ActionIcon, CopyButton, Menu, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy, IconDots } from '@tabler/icons-react'
import { useState } from 'react'
import type { Key } from '../../../shared/workspaces.ts'
import { Pill } from '../../ui/Pill.tsx'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { absolute } from '../../ui/times.ts'
import { EditKey } from './EditKey.tsx'
import { ReplaceKey } from './ReplaceKey.tsx'

export function KeyRow({ item, revoke }: { item: Key; revoke: () => void }) {
  const { kind, name, prefix, scopes, last_used_at, last_ip, revoked_at } = item
  const [dialog, open] = useState<'edit' | 'replace'>()
  const close = () => open(undefined)
  return (
    <li className="setup-key" data-revoked={revoked_at !== null || isOver(item) || undefined}>
      <div className="setup-key-name">
        <b className="cut">{name}</b>
        <span className="muted">{kind === 'write' ? 'Write key' : `Secret key · ${scopes.join(', ') || 'no scopes'}`}</span>
        {revoked_at === null && <Limits item={item} />}
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
            {last_ip && <span className="setup-key-from cut">from {last_ip}</span>}
          </>
        )}
      </span>
      {revoked_at ? (
        <span />
      ) : (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" aria-label={`What to do with the key ${name}`}>
              <IconDots size={16} stroke={1.7} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => open('edit')}>Name and limits</Menu.Item>
            {item.replaced_by === null && <Menu.Item onClick={() => open('replace')}>Replace</Menu.Item>}
            <Menu.Item color="red" onClick={revoke}>
              Revoke
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      {dialog === 'edit' && <EditKey item={item} close={close} />}
      {dialog === 'replace' && <ReplaceKey item={item} close={close} />}
    </li>
  )
}

/** What holds a key back, where something does. */
function Limits({ item }: { item: Key }) {
  const { expires_at, allowed_ips, rate_limit, replaced_by } = item
  if (!expires_at && !allowed_ips && !rate_limit) return null
  return (
    <span className="setup-key-limits">
      {expires_at && (
        <Pill tone={isOver(item) ? 'bad' : replaced_by ? 'warm' : 'plain'} title={absolute(expires_at)}>
          {isOver(item) ? 'ended' : replaced_by ? 'replaced, ends' : 'ends'} {new Date(expires_at).toLocaleDateString()}
        </Pill>
      )}
      {allowed_ips && (
        <Pill tone="plain" title={allowed_ips.join(', ')}>
          from {allowed_ips.length === 1 ? allowed_ips[0] : `${allowed_ips.length} addresses`}
        </Pill>
      )}
      {rate_limit && <Pill tone="plain">{rate_limit.toLocaleString()} a minute</Pill>}
    </span>
  )
}

function isOver({ expires_at }: Key) {
  return expires_at !== null && Date.parse(expires_at) <= Date.now()
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
