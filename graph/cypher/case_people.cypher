// 一个案件里有哪些人和车，他们还出现在哪些别的案件里？
// The people and vehicles of a case, and the other cases in which they turn up: the bridges between cases.
WITH '2019-551' AS case
MATCH involved = (:Case {value: case})<-[:INVOLVED_IN]-(who:Entity)
OPTIONAL MATCH bridge = (who)-[:INVOLVED_IN]->(other:Case) WHERE other.value <> case
RETURN who.type AS type, who.label AS label, collect(DISTINCT other.value) AS other_cases, who.id AS id,
  head(collect(involved)) AS involved, collect(DISTINCT bridge) AS bridges
ORDER BY size(other_cases) DESC, type, label
LIMIT 200
