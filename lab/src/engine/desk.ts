/** Workers of one's own, for runs and answers that must not wait for sweeps. */
import { Died, Dropped } from "./endings.ts";
import type { Methods } from "./protocol.ts";
import { type Seat, takeSeat } from "./seat.ts";

/** A worker with a memory of its own, found when it is first asked. */
export interface Desk {
  /**
   * Rejects with Dropped when the desk is dropped meanwhile, with Died when the worker stopped; the next question finds another
   * worker either way.
   */
  ask<K extends keyof Methods>(method: K, ...args: Parameters<Methods[K]>): Promise<Awaited<ReturnType<Methods[K]>>>;
  /** Ends whatever it is doing, at once; what its worker remembered is forgotten. */
  drop(): void;
}

/** Workers of desks that were dropped at rest: the next desk need not wait for one to start. */
const spare: Seat[] = [];
const SPARES = 2;

export function desk(): Desk {
  let seat: Seat | null = null;
  let open = 0;
  return {
    ask(method, ...args) {
      seat ??= spare.pop() ?? takeSeat();
      const mine = seat;
      open++;
      const answer = mine.ask(method, ...args);
      const closed = () => {
        if (seat === mine) open--;
      };
      answer.then(closed, (error: unknown) => {
        closed();
        if (!(error instanceof Died) || seat !== mine) return;
        mine.end();
        seat = null;
        open = 0;
      });
      return answer;
    },
    drop() {
      const mine = seat;
      const busy = open > 0;
      seat = null;
      open = 0;
      if (!mine) return;
      if (busy || spare.length >= SPARES) return mine.end();
      spare.push(mine);
      mine.ask("rest").catch((error: unknown) => {
        if (!(error instanceof Dropped)) mine.end();
        const place = spare.indexOf(mine);
        if (place >= 0) spare.splice(place, 1);
      });
    }
  };
}
