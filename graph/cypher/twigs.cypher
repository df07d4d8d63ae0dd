// 一个供货人下面有哪些下家，最近一次是什么时候？
// The twigs of one supplier: everybody supplied directly, how often, between when and when, on which records.
WITH '邢佳莹' AS who
MATCH delivery = (supplier:Entity)-[f:SUPPLIED]->(receiver:Entity)
WHERE (supplier.label = who OR supplier.id = who OR who IN supplier.numbers)
  AND supplier <> receiver AND f.confidence >= 0.2
RETURN supplier.label AS supplier, receiver.label AS receiver, count(f) AS deliveries,
  min(f.earliest) AS first, max(f.latest) AS last, collect(DISTINCT f.substance) AS substances,
  collect(DISTINCT f.record) AS records, receiver.id AS id, collect(delivery) AS drawn
ORDER BY deliveries DESC, receiver
