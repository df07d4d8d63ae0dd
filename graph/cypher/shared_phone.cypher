// 谁和谁用过同一个电话？
// Who shares a phone: people whom live records tie to one number, the numbers with most users first. A number
// of very many is a shop's or a hotline's, and says little.
WITH 2 AS at_least, 9 AS at_most
MATCH (phone:Phone)<-[:USES]-(one:Person)
WITH at_least, at_most, phone, count(DISTINCT one) AS users
WHERE at_least <= users <= at_most
WITH phone, users ORDER BY users DESC, phone.value LIMIT 12
MATCH use = (phone)<-[:USES]-(user:Person)
RETURN phone.value AS phone, users, collect(DISTINCT user.label) AS people, collect(use) AS uses
ORDER BY users DESC, phone
