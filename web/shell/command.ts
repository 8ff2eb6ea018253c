/** The key that people hold for commands, as it stands on their keyboard. */
export const COMMAND = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘' : 'Ctrl'
