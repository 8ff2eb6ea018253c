import { createTheme, type MantineColorsTuple } from '@mantine/core'

const petrol: MantineColorsTuple = [
  '#eaf6f8',
  '#d5ecf0',
  '#a9d8e0',
  '#79c2ce',
  '#50afbf',
  '#2f97a8',
  '#1a7d8f',
  '#0f6b7b',
  '#0b5765',
  '#07424d',
]

// 6 is the dimmed text on white: 5.1 to 1. Mantine's own is 3.3 to 1, too faint for text that people work with.
const gray: MantineColorsTuple = [
  '#f7f8f9',
  '#f0f2f4',
  '#e6e9ec',
  '#d9dde2',
  '#c6ccd3',
  '#98a1ab',
  '#667079',
  '#4e575f',
  '#343b43',
  '#1b2026',
]

const dark: MantineColorsTuple = [
  '#dde1e6',
  '#bcc3cb',
  '#949daa',
  '#6f7884',
  '#3a414a',
  '#2b3138',
  '#1e2328',
  '#14171b',
  '#101316',
  '#0b0d0f',
]

export const theme = createTheme({
  primaryColor: 'petrol',
  primaryShade: { light: 7, dark: 6 },
  colors: { petrol, gray, dark },
  black: '#1b2026',
  fontFamily: 'Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "Liberation Mono", monospace',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.3' },
  defaultRadius: 'md',
  radius: { xs: '3px', sm: '5px', md: '7px', lg: '10px', xl: '16px' },
  headings: {
    fontWeight: '620',
    sizes: {
      h1: { fontSize: '20px', lineHeight: '1.3' },
      h2: { fontSize: '15px', lineHeight: '1.4' },
      h3: { fontSize: '13px', lineHeight: '1.4' },
    },
  },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'sm' } },
    TextInput: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm' } },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: false, color: 'dark' } },
    Modal: { defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.4 } } },
  },
})
