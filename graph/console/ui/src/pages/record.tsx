/** One record by itself. */
import { recordPath } from "../api/client";
import type { SourceRecord } from "../api/types";
import { useRead } from "../api/use";
import { RecordCard } from "../evidence/record";
import { Loading, Name, Notice, Problem } from "../parts/basics";
import { useSay } from "../words";

export default function RecordPage({ name }: { name: string }) {
  const say = useSay();
  const read = useRead<SourceRecord>(recordPath(name));
  return (
    <div class="page narrow">
      <header class="page-head">
        <h1>
          {say("record.title")} <Name text={name} most={80} />
        </h1>
        <Notice />
      </header>
      <Problem error={read.error} again={read.again} />
      {read.loading && !read.data && <Loading />}
      {read.data && <RecordCard record={read.data} whole />}
    </div>
  );
}
