-- Activities are asked by who did what. Most are of events and of the system, which nobody asks for: of these there is no entry.

create index activities_of_actor on activities (workspace_id, (actor->>'kind'), (actor->>'id'), id desc) where actor->>'kind' in ('user', 'key');

-- In the order of bytes, so that all actions of a noun stand together on any server.
create index activities_of_action on activities (workspace_id, action collate "C", id desc);
