/**
 * A tree of variables and factors, left to right, without crossings. From a root, what comes after lies wholly to its right, what
 * comes before wholly to its left, and the subtrees on one side are stacked in bands; so an edge bends once, in a gap that is
 * empty, and then runs along a row that is its own. The root is the one that makes the drawing narrowest, then lowest.
 */

export interface Spot {
  /** Column and row; rows may be fractions. */
  readonly column: number;
  readonly row: number;
  /** The neighbour nearer the root, beside which the edge between them bends; -1 for the root. */
  readonly parent: number;
}

interface Edge {
  readonly to: number;
  /** 1: `to` comes after, so to the right. */
  readonly side: 1 | -1;
}

interface Extent {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Columns and rows of nodes 0 ... count - 1 of a forest; `edges` are [before, after]. Trees are stacked one below the other. */
export function layout(count: number, edges: readonly (readonly [number, number])[]): Spot[] {
  const around: Edge[][] = Array.from({ length: count }, () => []);
  for (const [a, b] of edges) {
    around[a].push({ to: b, side: 1 });
    around[b].push({ to: a, side: -1 });
  }
  const spots: Spot[] = new Array(count);
  const done = new Set<number>();
  let below = 0;
  for (let start = 0; start < count; start++) {
    if (done.has(start)) continue;
    const tree = members(start, around);
    for (const node of tree) done.add(node);
    let best: { root: number; extent: Extent } | null = null;
    for (const root of tree) {
      const extent = extents(root, -1, 0, around, new Map());
      if (!best || cost(extent) < cost(best.extent) - 1e-9) best = { root, extent };
    }
    if (!best) continue;
    place(best.root, -1, 0, best.extent.left, below - best.extent.top, around, spots);
    below += best.extent.bottom - best.extent.top + 1;
  }
  return spots;
}

function cost({ left, right, top, bottom }: Extent): number {
  return left + right + 0.5 * (bottom - top);
}

function members(start: number, around: readonly (readonly Edge[])[]): number[] {
  const found = [start];
  const seen = new Set(found);
  for (const node of found) for (const { to } of around[node]) if (!seen.has(to)) found.push(to) && seen.add(to);
  return found;
}

/** Rows of the children of `node` on one side, relative to it; the edge to the parent, if on this side, holds row 0. */
function stack(
  node: number,
  from: number,
  side: 1 | -1,
  fromSide: 0 | 1 | -1,
  around: readonly (readonly Edge[])[],
  memo: Map<number, Extent>
) {
  const children = around[node]
    .filter((e) => e.side === side && e.to !== from)
    .map(({ to }) => ({ to, extent: extents(to, node, side, around, memo) }));
  const rows: number[] = [];
  if (fromSide === side) {
    // the parent's edge arrives along row 0: children go below and above it in turn
    let [up, down] = [-1, 1];
    children.forEach(({ extent }, k) => {
      if (k % 2 === 0) {
        rows.push(down - extent.top);
        down += extent.bottom - extent.top + 1;
      } else {
        rows.push(up - extent.bottom);
        up -= extent.bottom - extent.top + 1;
      }
    });
  } else {
    let next = 0;
    for (const { extent } of children) {
      rows.push(next - extent.top);
      next += extent.bottom - extent.top + 1;
    }
    const middle = children.length ? (rows[0] + rows[rows.length - 1]) / 2 : 0;
    for (const k of rows.keys()) rows[k] -= middle;
  }
  return children.map((child, k) => ({ ...child, row: rows[k] }));
}

/** How far a subtree reaches from its root; `fromSide` is the side of the root on which its parent is. */
function extents(node: number, from: number, side: 0 | 1 | -1, around: readonly (readonly Edge[])[], memo: Map<number, Extent>): Extent {
  const found = memo.get(node);
  if (found) return found;
  const fromSide = -side as 0 | 1 | -1;
  let [left, right, top, bottom] = [0, 0, 0, 0];
  for (const s of [1, -1] as const)
    for (const { extent, row } of stack(node, from, s, fromSide, around, memo)) {
      const reach = 1 + extent.left + extent.right;
      if (s === 1) right = Math.max(right, reach);
      else left = Math.max(left, reach);
      top = Math.min(top, row + extent.top);
      bottom = Math.max(bottom, row + extent.bottom);
    }
  const extent = { left, right, top, bottom };
  memo.set(node, extent);
  return extent;
}

function place(
  node: number,
  from: number,
  side: 0 | 1 | -1,
  column: number,
  row: number,
  around: readonly (readonly Edge[])[],
  spots: Spot[]
): void {
  spots[node] = { column, row, parent: from };
  const memo = new Map<number, Extent>();
  for (const s of [1, -1] as const)
    for (const child of stack(node, from, s, -side as 0 | 1 | -1, around, memo)) {
      const gap = 1 + (s === 1 ? child.extent.left : child.extent.right);
      place(child.to, node, s, column + s * gap, row + child.row, around, spots);
    }
}
