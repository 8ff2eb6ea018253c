import { useQuery } from '@tanstack/react-query'
import type { Pipeline, Stage } from '../../../shared/pipelines.ts'
import { leadTypes, pipelines } from '../../api/leads.ts'
import { useWorkspaceId } from '../../api/workspace.ts'

/** In the order of the settings; none until they are loaded. */
export function usePipelines(): Pipeline[] {
  const { data } = useQuery(pipelines(useWorkspaceId()))
  return data?.data ?? []
}

export function useStages(pipeline_id: number): Stage[] {
  return usePipelines().find(({ id }) => id === pipeline_id)?.stages ?? []
}

export function useLeadTypes() {
  const { data } = useQuery(leadTypes(useWorkspaceId()))
  return data?.data ?? []
}

/** What a type is called: nothing until the types are loaded; one that is not known here any more by its key. */
export function useTypeName() {
  const types = useLeadTypes()
  return (type: string) => (types.length ? (types.find(({ key }) => key === type)?.name ?? type) : '')
}
