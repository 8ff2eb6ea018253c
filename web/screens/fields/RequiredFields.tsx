import { Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { FieldNoun } from '../../../shared/custom-fields.ts'
import { offered } from '../../api/fields.ts'
import { ApiError } from '../../api/request.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { FieldInput } from './FieldInput.tsx'

type Custom = Record<string, unknown>
type Props = { noun: FieldNoun; custom: Custom; set: (custom: Custom) => void; error: Error | null }

/** The fields of the workspace's own that must be said of somebody or something new. */
export function RequiredFields({ noun, custom, set, error }: Props) {
  const { data = [] } = useQuery(offered(useWorkspaceId(), noun))
  const required = data.filter(field => field.is_required)
  if (required.length === 0) return null
  return (
    <Stack gap="sm" mt="sm">
      {required.map(field => (
        <FieldInput
          key={field.key}
          field={field}
          value={custom[field.key]}
          set={value => set({ ...custom, [field.key]: value })}
          error={error instanceof ApiError ? error.fields[`custom.${field.key}`] : undefined}
        />
      ))}
    </Stack>
  )
}
