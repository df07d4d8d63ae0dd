// 有哪些预警？理由是什么，有什么相反的情况，依据是哪些记录？线索，非证据。
// Open alerts of a severity, the newest first. A lead is not evidence. `alerts_about` draws those about one person.
WITH 'high' AS severity
MATCH (alert:Alert) WHERE alert.severity = severity
OPTIONAL MATCH (alert)-[:ABOUT]->(who:Entity)
RETURN alert.raised AS raised, alert.rule AS rule, collect(DISTINCT who.label) AS about,
  alert.reasons AS reasons, alert.against AS against, alert.records AS records, alert.id AS id
ORDER BY raised DESC, id
LIMIT 50
