//! Finds fields that would make a type infinitely large.

use foldhash::HashMap;

use crate::ir::{Api, Shape};

/// Boxes fields through which a type contains itself, directly or through others. Lists, maps and unions are already
/// indirect.
///
/// Types are visited in their order, and a boxed field no longer contains its type. So the first type of each cycle is
/// boxed: a field of it leads to a type in the same component of the types from this one on.
pub(super) fn box_cycles(api: &mut Api) {
    let mut edges = Vec::new();
    for (index, def) in api.types.iter().enumerate() {
        let Shape::Struct(shape) = &def.shape else { continue };
        for (position, field) in shape.fields.iter().enumerate() {
            let structs = field.ty.held().into_iter().filter(|id| matches!(api.type_def(*id).shape, Shape::Struct(_)));
            edges.extend(structs.map(|id| Edge { from: index, to: id.0, position }));
        }
    }
    for edge in circular(edges, api.types.len()) {
        if let Shape::Struct(shape) = &mut api.types[edge.from].shape {
            shape.fields[edge.position].boxed = true;
        }
    }
}

/// A field with which a type contains another.
#[derive(Debug, Clone, Copy)]
struct Edge {
    from: usize,
    to: usize,
    position: usize,
}

/// Returns the edges that close a cycle when types are added to a graph from the last to the first.
fn circular(edges: Vec<Edge>, count: usize) -> Vec<Edge> {
    let (closed, edges) = edges.into_iter().partition(|edge| edge.from == edge.to);
    let mut joining = Joining { count, roots: (0..count).collect(), closed };
    let (edges, _) = joining.split(edges, count);
    if let Some(last) = count.checked_sub(1) {
        joining.search(edges, 0, last);
    }
    joining.closed
}

/// Searches the time at which the ends of each edge join one component. Components only join as the graph grows, so a
/// binary search over time needs a logarithmic number of passes over the edges.
struct Joining {
    count: usize,
    /// The representative of the component of each type.
    roots: Vec<usize>,
    closed: Vec<Edge>,
}

impl Joining {
    /// The time at which a type is added.
    fn time(&self, index: usize) -> usize {
        self.count - 1 - index
    }

    /// Edges whose ends join at a time from `first` to `last`.
    fn search(&mut self, edges: Vec<Edge>, first: usize, last: usize) {
        if edges.is_empty() {
            return;
        }
        if first == last {
            for edge in edges {
                if self.time(edge.from) == first {
                    self.closed.push(edge);
                }
                let (one, other) = (self.root(edge.from), self.root(edge.to));
                self.roots[one] = other;
            }
            return;
        }
        let middle = first.midpoint(last);
        let (joined, apart) = self.split(edges, middle + 1);
        self.search(joined, first, middle);
        self.search(apart, middle + 1, last);
    }

    /// The edges whose ends are in one component before a time, and the others.
    fn split(&mut self, edges: Vec<Edge>, before: usize) -> (Vec<Edge>, Vec<Edge>) {
        let mut numbers: HashMap<usize, usize> = HashMap::default();
        let mut next: Vec<Vec<usize>> = Vec::new();
        let mut ends = Vec::with_capacity(edges.len());
        for edge in &edges {
            let mut number = |root: usize| {
                *numbers.entry(root).or_insert_with(|| {
                    next.push(Vec::new());
                    next.len() - 1
                })
            };
            let (from, to) = (number(self.root(edge.from)), number(self.root(edge.to)));
            if self.time(edge.from.min(edge.to)) < before {
                next[from].push(to);
            }
            ends.push((from, to));
        }
        let components = components(&next);
        let mut ends = ends.into_iter();
        edges.into_iter().partition(|_| ends.next().is_some_and(|(from, to)| components[from] == components[to]))
    }

    fn root(&mut self, mut index: usize) -> usize {
        while self.roots[index] != index {
            self.roots[index] = self.roots[self.roots[index]];
            index = self.roots[index];
        }
        index
    }
}

/// The strongly connected component of each node, by Tarjan's algorithm, on a stack of its own.
fn components(next: &[Vec<usize>]) -> Vec<usize> {
    const UNSEEN: usize = usize::MAX;
    let (mut order, mut low) = (vec![UNSEEN; next.len()], vec![0; next.len()]);
    let mut components = vec![UNSEEN; next.len()];
    let (mut seen, mut count) = (0, 0);
    let mut open: Vec<usize> = Vec::new();
    let mut calls: Vec<(usize, usize)> = Vec::new();
    for start in 0..next.len() {
        if order[start] == UNSEEN {
            calls.push((start, 0));
        }
        while let Some((node, position)) = calls.pop() {
            if position == 0 {
                (order[node], low[node]) = (seen, seen);
                seen += 1;
                open.push(node);
            } else {
                let child = next[node][position - 1];
                low[node] = low[node].min(low[child]);
            }
            let rest = next[node].iter().enumerate().skip(position);
            let mut descended = false;
            for (at, child) in rest {
                if order[*child] == UNSEEN {
                    calls.extend([(node, at + 1), (*child, 0)]);
                    descended = true;
                    break;
                }
                if components[*child] == UNSEEN {
                    low[node] = low[node].min(order[*child]);
                }
            }
            if !descended && low[node] == order[node] {
                while let Some(member) = open.pop() {
                    components[member] = count;
                    if member == node {
                        break;
                    }
                }
                count += 1;
            }
        }
    }
    components
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each edge is closed where its end leads back without the edges that were closed before.
    fn one_after_another(edges: &[(usize, usize)], count: usize) -> Vec<(usize, usize)> {
        let mut closed: Vec<(usize, usize)> = Vec::new();
        for from in 0..count {
            let leads_back = |to: usize| {
                let (mut open, mut seen) = (vec![to], vec![false; count]);
                while let Some(node) = open.pop() {
                    if node == from {
                        return true;
                    }
                    if !std::mem::replace(&mut seen[node], true) {
                        let next = edges.iter().filter(|edge| edge.0 == node && !closed.contains(edge));
                        open.extend(next.map(|edge| edge.1));
                    }
                }
                false
            };
            let found: Vec<_> = edges.iter().filter(|edge| edge.0 == from && leads_back(edge.1)).copied().collect();
            closed.extend(found);
        }
        closed.sort_unstable();
        closed
    }

    #[test]
    fn circles_are_closed_as_if_types_were_looked_at_one_after_another() {
        let mut state = 1_u64;
        let mut random = |bound: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).unwrap() % bound
        };
        for _ in 0..2000 {
            let count = 1 + random(9);
            let mut edges: Vec<_> = (0..random(20)).map(|_| (random(count), random(count))).collect();
            edges.sort_unstable();
            edges.dedup();
            let given = edges.iter().map(|(from, to)| Edge { from: *from, to: *to, position: 0 }).collect();
            let mut found: Vec<_> = circular(given, count).into_iter().map(|edge| (edge.from, edge.to)).collect();
            found.sort_unstable();
            assert_eq!(found, one_after_another(&edges, count), "{edges:?}");
        }
    }
}
