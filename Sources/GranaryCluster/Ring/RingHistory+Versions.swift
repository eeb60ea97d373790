// Members that a newer version of a grain type keeps out of its rings.
extension RingHistory {
    /// The views, from the first through the last, in which an entry takes part in the rings of a type.
    ///
    /// Usually one stretch: an entry is kept out while a member with a version is in the ring that does not serve beside
    /// the entry's own. Which members those are follows from the rows, as the rings do, so all agree on every past ring.
    func stretches(of index: Int, type: String) -> [(first: Int64, last: Int64)] {
        let entry = entries[index]
        var stretches = [(first: entry.from, last: entry.to == .max ? Int64.max : entry.to - 1)]
        guard versioned.contains(type) else { return stretches }
        let own = entry.version(of: type).number
        for other in entries where other.types.contains(type) && other.version(of: type).oldestBeside > own {
            let last = other.to == .max ? Int64.max : other.to - 1
            stretches = stretches.flatMap { stretch in
                if last < stretch.first || other.from > stretch.last { return [stretch] }
                var rest: [(first: Int64, last: Int64)] = []
                if stretch.first < other.from { rest.append((stretch.first, other.from - 1)) }
                if last < stretch.last { rest.append((last + 1, stretch.last)) }
                return rest
            }
        }
        return stretches
    }

    /// Whether an entry takes part in the ring of a type in a view.
    func isInside(_ index: Int, type: String, view: Int64) -> Bool {
        guard versioned.contains(type) else { return entries[index].from <= view && view < entries[index].to }
        return stretches(of: index, type: type).contains { $0.first <= view && view <= $0.last }
    }
}
