// 有关这个人的预警，依据是哪些记录？线索，非证据。
// The open alerts about somebody, whom else they are about, and the records that they rest on. No evidence.
WITH '吉海远' AS who
MATCH (one:Entity)<-[:ABOUT]-(alert:Alert)
WHERE one.label = who OR one.id = who OR who IN one.numbers
MATCH about = (alert)-[:ABOUT]->(:Entity)
MATCH rests = (alert)-[:RESTS_ON]->(:Record)
RETURN alert.raised AS raised, alert.rule AS rule, alert.reasons AS reasons, alert.against AS against,
  collect(DISTINCT about) AS about, collect(DISTINCT rests) AS evidence
ORDER BY raised DESC
LIMIT 5
