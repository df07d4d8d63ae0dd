// 一个人的周围：电话、车、包裹、地点和直接有关系的人。
// Everything that live records tie to one person directly: the place to begin looking around from.
WITH '陈思妍' AS who
MATCH (one:Entity)
WHERE (one.label = who OR one.id = who OR who IN one.numbers) AND size(one.opened) > size(one.closed)
MATCH around = (one)-[f]-(:Entity)
WHERE f.closed IS NULL
RETURN around
LIMIT 200
