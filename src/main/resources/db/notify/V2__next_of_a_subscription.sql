-- In the order in which messages are leased, so that a long queue is not sorted for each of them.
CREATE INDEX message_next ON message (subscription, due_at, seq);
DROP INDEX message_due;
