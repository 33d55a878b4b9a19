-- Looked at twice a second: what waits has to be found without what was delivered long ago.
CREATE INDEX message_waiting ON message (due_at, subscription);
