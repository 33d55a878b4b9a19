-- How an alert revision came here, for figures and traces; null where nothing is known of it.
ALTER TABLE alert_revision ADD COLUMN published_at BIGINT;
ALTER TABLE alert_revision ADD COLUMN observed_at BIGINT;
ALTER TABLE alert_revision ADD COLUMN trace VARCHAR(100);
