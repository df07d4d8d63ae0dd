// 某地区某段时间查获了多少某种毒品，从谁手里查获？
// Seizures of a substance in a region (a GB/T 2260 code or its beginning) and period, with who held the goods.
WITH 'nitrous_oxide' AS substance, '4601' AS region, '2019-01-01' AS since, '2020-12-31' AS until
MATCH (record:Record {kind: 'seizure'})-[:LISTS]->(lot:Lot)
WHERE lot.substance = substance AND record.region STARTS WITH region
  AND since <= record.reported < until + ' 24'
OPTIONAL MATCH (lot)-[:IN_HANDS_OF]->(holder:Entity)
RETURN record.reported AS reported, holder.label AS holder, lot.quantity AS quantity, lot.unit AS unit,
  lot.grams AS grams, record.case AS case, record.name AS record
ORDER BY reported, record
