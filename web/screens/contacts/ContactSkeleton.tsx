import { Skeleton } from '@mantine/core'
import { SkeletonLines } from '../../ui/SkeletonLines.tsx'
import './contact.css'

/** The outline of the screen, in the places where everything will be. */
export function ContactSkeleton() {
  return (
    <div className="contact" aria-busy="true">
      <header className="contact-head">
        <div className="contact-crumbs">
          <Skeleton height={12} width={72} my={5} />
        </div>
        <div className="contact-who">
          <Skeleton height={44} circle />
          <div className="contact-who-text">
            <Skeleton height={16} width={180} />
            <Skeleton height={11} width={240} mt={10} />
          </div>
        </div>
        <Skeleton height={11} width="100%" mt={20} radius="xl" />
        <Skeleton height={10} width="60%" mt={14} mb={10} />
      </header>
      <aside className="contact-aside">
        <SkeletonLines lines={12} padding="20px" />
      </aside>
      <div className="contact-tabs">
        <SkeletonLines lines={9} pitch={38} padding="16px var(--edge)" />
      </div>
    </div>
  )
}
