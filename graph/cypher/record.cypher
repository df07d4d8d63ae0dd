// 这份记录说了什么：说到谁，谁给谁什么，列了哪些货，抄自哪份举报？
// One record and everything it says: whom it speaks of, what it states of them, the goods it lists, whose copy it is.
WITH '460100-jd/2020-0117-03' AS name
MATCH (record:Record {name: name})
OPTIONAL MATCH mention = (record)-[:MENTIONS]->(:Profile)-[:OF]->(who:Entity)
OPTIONAL MATCH value = (record)-[:MENTIONS]->(:Entity)
OPTIONAL MATCH goods = (record)-[:LISTS]->(:Lot)
OPTIONAL MATCH placed = (record)-[:LISTS]->(:Lot)-[:IN_HANDS_OF|FOUND_IN]->(:Entity)
OPTIONAL MATCH copy = (record)-[:COPY_OF]-(:Record)
OPTIONAL MATCH fact = (who)-[f]->(:Entity) WHERE f.record = name AND f.closed IS NULL
RETURN record, collect(DISTINCT mention) AS mentions, collect(DISTINCT value) AS values,
  collect(DISTINCT goods) + collect(DISTINCT placed) AS goods, collect(DISTINCT copy) AS copies,
  collect(DISTINCT fact) AS facts
