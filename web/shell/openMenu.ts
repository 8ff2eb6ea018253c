import { spotlight } from '@mantine/spotlight'

export const openMenu = () => spotlight.open()
