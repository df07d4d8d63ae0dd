/** Short messages at the foot of the page, read out by screen readers; gone after a while. */
import { store, useStore } from "../state/store";

interface Told {
  id: number;
  text: string;
}

const told = store<Told[]>([]);
let next = 0;

export function tell(text: string): void {
  const id = (next += 1);
  told.change((now) => [...now.slice(-2), { id, text }]);
  window.setTimeout(() => told.change((now) => now.filter((one) => one.id !== id)), 5000);
}

export function Told() {
  return (
    <div class="told" role="status" aria-live="polite">
      {useStore(told).map((one) => (
        <p key={one.id}>{one.text}</p>
      ))}
    </div>
  );
}
