import { useNavigate } from '@tanstack/react-router'
import { useRef } from 'react'
import { useWorkspaceId } from '../api/workspace.ts'
import { useKeys } from '../ui/keyboard.ts'
import { SCREENS } from './screens.ts'

const PATIENCE_MS = 1200

/** `g` and then a letter goes to a screen. */
export function useGoKeys() {
  const navigate = useNavigate()
  const params = { workspaceId: String(useWorkspaceId()) }
  const since = useRef(0)
  const go = Object.fromEntries(
    SCREENS.map(({ key, to }) => [
      key,
      () => {
        if (Date.now() - since.current > PATIENCE_MS) return
        since.current = 0
        void navigate({ to, params })
      },
    ]),
  )
  useKeys({
    ...go,
    g: () => {
      since.current = Date.now()
    },
  })
}
