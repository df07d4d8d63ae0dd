// 谁替好几个人带货？
// Couriers of several parties: whoever carried, or sent parcels, for at least so many different people.
WITH 2 AS at_least
MATCH carried = (courier:Person)-[f:CARRIED_FOR]->(party:Entity)
WHERE courier <> party
WITH at_least, courier, collect(DISTINCT party.label) AS parties, collect(DISTINCT f.record) AS records,
  collect(carried) AS carried
WHERE size(parties) >= at_least
RETURN courier.label AS courier, parties, records, courier.id AS id, carried
ORDER BY size(parties) DESC, courier
LIMIT 20
