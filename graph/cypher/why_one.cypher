// 一个人是怎样由各份记录里的说法合成的？
// How somebody came together: each way of describing them, with the records that use it, and what they
// were part of before.
WITH '邢佳莹' AS who
MATCH (one:Entity)
WHERE (one.label = who OR one.id = who OR who IN one.numbers) AND size(one.opened) > size(one.closed)
MATCH said = (one)<-[:OF]-(profile:Profile)<-[:MENTIONS]-(record:Record)
OPTIONAL MATCH (profile)-[:WAS_OF]->(former:Entity) WHERE former <> one
RETURN profile.name AS name, profile.aliases AS aliases, profile.numbers AS numbers,
  collect(DISTINCT record.name) AS records, collect(DISTINCT former.id) AS before, one.id AS id,
  collect(DISTINCT said) AS said
ORDER BY size(records) DESC, name
