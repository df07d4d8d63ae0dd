import assert from "node:assert/strict";
import { test } from "node:test";
import { caseToBegin } from "../src/state/session";

test("whoever has one case works on it until they choose otherwise", () => {
  assert.equal(caseToBegin(null, ["2019-551"]), "2019-551");
  assert.equal(caseToBegin("", ["2019-551"]), null);
  assert.equal(caseToBegin("2020-017", ["2019-551", "2020-017"]), "2020-017");
});

test("with several cases, or none, somebody has to choose", () => {
  assert.equal(caseToBegin(null, ["2019-551", "2020-017"]), null);
  assert.equal(caseToBegin(null, []), null);
  assert.equal(caseToBegin("2018-003", ["2019-551"]), null);
});
