import type { Activity } from '../../../shared/events.ts'
import { sentence } from '../events/describe.ts'

/** "contact.created" as people say it; an action without a phrase of its own is read as it is written. */
export function actionWords(action: string) {
  return (Object.hasOwn(PHRASES, action) && PHRASES[action]) || sentence(action)
}

const PHRASES: Record<string, string> = {
  'contact.created': 'Contact made',
  'contact.updated': 'Details changed',
  'contact.became_member': 'Became a member',
  'contact.stage_changed': 'Stage changed',
  'segment.entered': 'Entered a segment',
  'segment.left': 'Left a segment',
  'segment.created': 'Segment made',
  'segment.updated': 'Segment changed',
  'segment.deleted': 'Segment deleted',
  'contact.link_created': 'Link for an e-mail made',
  'contact.merged': 'Merged with another contact',
  'contact.unmerged': 'Merge undone',
  'visitor.linked': 'Visitor linked',
  'visitor.unlinked': 'Visitor left',
  'identity.link_undone': 'Link undone',
  'identity.claim_dismissed': 'Refused link looked at',
  'identity.suggestion_dismissed': 'Left as two contacts',
  'key.created': 'Key made',
  'key.revoked': 'Key revoked',
  'endpoint.created': 'Endpoint added',
  'endpoint.updated': 'Endpoint changed',
  'endpoint.deleted': 'Endpoint deleted',
  'endpoint.paused': 'Endpoint paused',
  'endpoint.activated': 'Endpoint activated',
  'endpoint.secret_rotated': 'New secret for an endpoint',
  'delivery.replayed': 'Deliveries sent again',
  'lead.created': 'Lead came in',
  'lead.updated': 'Lead changed',
  'lead.status_changed': 'Lead moved',
  'lead.assigned': 'Lead assigned',
  'lead.won': 'Lead won',
  'lead.lost': 'Lead lost',
  'lead.note_added': 'Note added',
  'lead.forwarded': 'Lead sent on',
  'task.created': 'Task planned',
  'task.updated': 'Task changed',
  'task.done': 'Task done',
  'task.reopened': 'Task opened again',
  'appointment.created': 'Appointment booked',
  'appointment.assigned': 'Appointment assigned',
  'appointment.confirmed': 'Appointment confirmed',
  'appointment.rescheduled': 'Appointment moved',
  'appointment.cancelled': 'Appointment cancelled',
  'appointment.completed': 'Appointment completed',
  'appointment.no_show': 'Nobody came to the appointment',
  'appointment.reopened': 'Appointment opened again',
  'appointment.changed': 'Appointment changed',
  'appointment.routed': 'Appointment routed',
  'appointment.handed_on': 'Appointment handed on',
  'pipeline.created': 'Pipeline added',
  'pipeline.updated': 'Pipeline changed',
  'pipeline.deleted': 'Pipeline deleted',
  'lead_type.created': 'Lead type added',
  'lead_type.updated': 'Lead type changed',
  'lead_type.deleted': 'Lead type deleted',
  'assignment_rule.created': 'Assignment rule added',
  'assignment_rule.updated': 'Assignment rule changed',
  'assignment_rule.deleted': 'Assignment rule deleted',
  'dashboard.created': 'Dashboard saved',
  'dashboard.updated': 'Dashboard changed',
  'dashboard.deleted': 'Dashboard deleted',
  'contact.crm_linked': 'Known to a CRM',
  'contact.crm_marked': 'Marked for CRMs',
  'contact.crm_unmarked': 'Mark for CRMs taken back',
  'contact.sustainer_started': 'Began sustaining',
  'contact.sustainer_ended': 'Stopped sustaining',
  'crm_connection.created': 'CRM connected',
  'crm_connection.updated': 'CRM connection changed',
  'crm_connection.deleted': 'CRM connection deleted',
  'crm_connection.links_imported': 'Ids of a CRM imported',
  'crm_connection.finalized': 'Migration finished',
  'mailing_list.created': 'Mailing list made',
  'mailing_list.updated': 'Mailing list changed',
  'mailing_list.deleted': 'Mailing list deleted',
  'member.added': 'User added',
  'workspace.created': 'Workspace made',
  'workspace.updated': 'Settings changed',
}

export function actorName({ kind, id, name }: Activity['actor']) {
  if (kind === 'event') return name ? `the event ${name}` : 'an event'
  if (kind === 'key') return name ? `the key ${name}` : `key ${id ?? ''}`.trim()
  if (kind === 'system') return name ?? 'Throughline'
  return name ?? `user ${id ?? ''}`.trim()
}

export const ACTIONS = Object.keys(PHRASES)
