// 哪些车在几天之内经过了几道防线？
// Vehicles stopped at several lines of defence within days: the same car in interceptions at different
// lines, no further apart than asked.
WITH 7 AS days
MATCH (vehicle:Vehicle)<-[:OF]-(:Profile)<-[:MENTIONS]-(first:Record {kind: 'interception'})
WHERE first.line IS NOT NULL
MATCH (vehicle)<-[:OF]-(:Profile)<-[:MENTIONS]-(then:Record {kind: 'interception'})
WHERE then.line IS NOT NULL AND then.line <> first.line
  AND first.reported_us <= then.reported_us
  AND then.reported_us - first.reported_us <= days * 86400 * 1000000
OPTIONAL MATCH (first)-[:MENTIONS]->(here:Place {value: first.checkpoint})
OPTIONAL MATCH (then)-[:MENTIONS]->(there:Place {value: then.checkpoint})
RETURN DISTINCT vehicle.label AS vehicle, first.line AS line, here.label AS checkpoint, first.reported AS reported,
  then.line AS then_line, there.label AS then_checkpoint, then.reported AS then_reported,
  [first.name, then.name] AS records
ORDER BY reported, vehicle
LIMIT 100
