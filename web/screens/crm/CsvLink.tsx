import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'

type Props = { href: string; label: string; children?: string }

/** All of what is shown, as a file that the browser itself fetches. */
export function CsvLink({ href, label, children = 'CSV' }: Props) {
  return (
    <Button
      component="a"
      className="crm-do crm-csv"
      variant="default"
      href={href}
      download
      aria-label={label}
      leftSection={<IconDownload size={15} stroke={1.6} />}
    >
      {children}
    </Button>
  )
}
