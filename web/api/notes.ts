import type { Note, NoteCreate, NotesQuery, NoteUpdate } from '../../shared/notes.ts'
import { type Asked, pages } from './page.ts'
import { request } from './request.ts'

export const notes = (workspace_id: number, search: Asked<NotesQuery>) => pages<Note>(workspace_id, '/notes', search)

export function createNote(workspace_id: number, body: NoteCreate) {
  return request<Note>('/notes', { method: 'POST', workspace_id, body })
}

export function updateNote(workspace_id: number, id: number, body: NoteUpdate) {
  return request<Note>(`/notes/${id}`, { method: 'PATCH', workspace_id, body })
}

export function deleteNote(workspace_id: number, id: number) {
  return request<null>(`/notes/${id}`, { method: 'DELETE', workspace_id })
}

export function restoreNote(workspace_id: number, id: number) {
  return request<Note>(`/notes/${id}/undo`, { method: 'POST', workspace_id })
}
