// 追线溯源：从一个人往上，货从哪里来？每一手都可能早于后面各手。
// Who supplied the one who supplied this person: chains upwards to their ends, every delivery able to have
// happened no later than those after it; and the goods that were found with this person.
// `suyuan trace` finds the same and, of very many, the best.
WITH '陈思妍' AS who
MATCH (origin:Person|Organisation|Vehicle)
WHERE origin.label = who OR origin.id = who OR who IN origin.numbers
MATCH chain = (source:Entity) ((:Entity)-[f:SUPPLIED WHERE f.confidence >= 0.2]->(:Entity)){1,6} (origin)
WHERE all(i IN range(0, size(f) - 2) WHERE
    all(j IN range(i + 1, size(f) - 1) WHERE coalesce(f[i].earliest, '') <= f[j].latest))
  AND all(n IN nodes(chain) WHERE single(same IN nodes(chain) WHERE same = n))
  AND NOT EXISTS {
    (further:Entity)-[g:SUPPLIED]->(source)
    WHERE g.confidence >= 0.2 AND NOT further IN nodes(chain)
      AND all(later IN f WHERE coalesce(g.earliest, '') <= later.latest)
  }
WITH origin, chain, f ORDER BY reduce(sure = 1.0, one IN f | sure * one.confidence) DESC, size(f)
LIMIT 25
RETURN chain, COLLECT { MATCH found = (:Record)-[:LISTS]->(:Lot)-[:IN_HANDS_OF]->(origin) RETURN found } AS found
