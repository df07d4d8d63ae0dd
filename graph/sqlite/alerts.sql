-- By what alerts are found without looking at all of them: by the entities that they name, and by when they were
-- raised. Stores that were made before have neither: their owner makes both when it next opens them. Older programs
-- keep both up, without knowing of them.
CREATE TABLE about (                             -- entities by the ids that they had when the alert was written
    entity TEXT NOT NULL, a INTEGER NOT NULL, PRIMARY KEY (entity, a)
) WITHOUT ROWID;
CREATE INDEX alert_raised ON alert (json_extract(CAST(body AS TEXT), '$.raised'), id);
CREATE TRIGGER alert_about AFTER INSERT ON alert BEGIN
    INSERT OR IGNORE INTO about SELECT value, new.a FROM json_each(CAST(new.body AS TEXT), '$.entities');
END;
INSERT INTO about SELECT DISTINCT e.value, alert.a FROM alert, json_each(CAST(alert.body AS TEXT), '$.entities') e;
