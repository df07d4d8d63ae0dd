// 哪些记录被撤回了，为什么，撤回以后哪些关系不再成立？
// What was withdrawn, why, and which statements no longer stand because of it; the last ones first.
WITH '2019-01-01' AS since
MATCH (w:Withdrawal)
WHERE w.reported >= since
MATCH (record:WasRecord {name: w.name})
WHERE NOT EXISTS { (:Record {name: w.name}) }
OPTIONAL MATCH (record)-[:MENTIONS]->(:Profile)-[:OF|WAS_OF]->(who:Entity)
OPTIONAL MATCH (who)-[gone]->(other:Entity)
WHERE gone.rec = record.rec AND gone.closed IS NOT NULL
RETURN w.reported AS withdrawn, w.name AS record, w.reason AS because, record.kind AS kind,
  collect(DISTINCT who.label + ' ' + type(gone) + ' ' + other.label) AS statements
ORDER BY withdrawn DESC, record
LIMIT 100
