import { useQuery } from '@tanstack/react-query'
import type { Funnel } from '../../../shared/funnels.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { type Setup, setup } from '../../api/workspaces.ts'
import { CodeBlock } from '../../ui/CodeBlock.tsx'

/** The HTML of a form that registers people without a script, to copy. */
export function RegistrationForm({ funnel }: { funnel: Funnel }) {
  const { data } = useQuery(setup(useWorkspaceId()))
  if (!data) return null
  return (
    <details className="funnel-parts funnel-form">
      <summary>Registration form</summary>
      <p className="muted">
        For a page of yours. It works without a script; with the tracker on the page it also says who the visitor was until now.
        <b> redirect</b> is where people go next: on the host of a page above, or on an allowed host (Settings).
      </p>
      <CodeBlock label="registration form" text={htmlOf(funnel, data)} />
    </details>
  )
}

function htmlOf({ funnel_id, pages }: Funnel, { public_url, write_key }: Setup) {
  const page = pages.find(({ kind }) => kind === 'registration')
  const watch = pages.find(({ kind, url }) => kind === 'watch' && url !== null && !url.includes('*'))
  return [
    `<form method="post" action="${public_url}/f/${write_key ?? 'WRITE_KEY'}">`,
    '  <input name="first_name" placeholder="First name" autocomplete="given-name">',
    '  <input name="email" type="email" placeholder="E-mail" autocomplete="email" required>',
    `  <input type="hidden" name="funnel_id" value="${funnel_id}">`,
    ...(page ? [`  <input type="hidden" name="page_id" value="${page.page_id}">`] : []),
    ...(watch ? [`  <input type="hidden" name="redirect" value="https://${watch.url}">`] : []),
    '  <input type="hidden" name="distinct_id">',
    '  <input name="_gotcha" style="display: none" tabindex="-1" autocomplete="off" aria-hidden="true">',
    '  <button>Register</button>',
    '</form>',
  ].join('\n')
}
