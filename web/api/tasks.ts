import type { Task, TaskCreate, TasksQuery, TaskUpdate } from '../../shared/tasks.ts'
import { type Asked, pages } from './page.ts'
import { request } from './request.ts'

export const tasks = (workspace_id: number, search: Asked<TasksQuery>) => pages<Task>(workspace_id, '/tasks', search)

export function createTask(workspace_id: number, body: TaskCreate) {
  return request<Task>('/tasks', { method: 'POST', workspace_id, body })
}

export function updateTask(workspace_id: number, id: number, body: TaskUpdate) {
  return request<Task>(`/tasks/${id}`, { method: 'PATCH', workspace_id, body })
}
