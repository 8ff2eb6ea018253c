-- Attempts are read by their delivery or by their endpoint, and never by their own id: the key is what they are read by, one index for two.
alter table delivery_attempts drop constraint delivery_attempts_pkey;
drop index delivery_attempts_of_delivery;
alter table delivery_attempts add primary key (workspace_id, delivery_id, id);
