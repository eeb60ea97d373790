/// The rings of all views that still matter, in one structure.
///
/// All members that any of these views' rings had lie on one circle, each at the points its name and weight give. Who
/// owned a hash in a view is the first member at or after it that the view's ring had and that hosts the type: a walk of
/// a few points. So a new view that only changes a status moves no point, and nothing is kept per view.
package struct RingHistory: Sendable {
    struct Entry {
        var silo: Int32
        var name: String
        var weight: Int32
        var types: [String]
        var versions: [String: ClusterTypeVersion]?
        var from: Int64
        var to: Int64
        var points: [UInt64]

        func version(of type: String) -> ClusterTypeVersion { versions?[type] ?? .first }
    }

    private let key: HashKey
    private let pointsPerWeight: Int
    private(set) var entries: [Entry] = []
    private var points: [UInt64] = []
    private var places: [UInt32] = []
    /// For each type, which entries host it.
    private var hosts: [String: [Bool]] = [:]
    /// The types of which some member has a version that others may not serve beside.
    private(set) var versioned: Set<String> = []

    /// Makes a history without members.
    ///
    /// - Parameters:
    ///   - key: The cluster's hash key.
    ///   - pointsPerWeight: The number of points that a member has per unit of weight.
    package init(key: HashKey, pointsPerWeight: Int) {
        self.key = key
        self.pointsPerWeight = pointsPerWeight
    }

    /// Takes over the members' rows of a newer view.
    ///
    /// - Parameters:
    ///   - members: All rows of the view; rings of members that are absent are forgotten.
    ///   - floor: The lowest view that will still be asked about; members that no ring from there on has are forgotten.
    package mutating func update(_ members: [ClusterMember], floor: Int64 = 0) {
        var known: [Int32: Entry] = [:]
        for entry in entries { known[entry.silo] = entry }
        var next: [Entry] = []
        var changed = false
        for member in members {
            guard let from = member.ringFrom else { continue }
            let to = member.ringTo ?? .max
            if to <= floor || from >= to { continue }
            if var entry = known.removeValue(forKey: member.silo) {
                entry.from = from
                entry.to = to
                next.append(entry)
            } else {
                changed = true
                next.append(
                    Entry(
                        silo: member.silo, name: member.name, weight: member.weight, types: member.types,
                        versions: member.versions, from: from, to: to,
                        points: Self.points(of: member, key: key, perWeight: pointsPerWeight)))
            }
        }
        changed = changed || !known.isEmpty
        next.sort { $0.silo < $1.silo }
        entries = next
        if changed { rebuild() }
    }

    /// Who owns a hash in a view.
    ///
    /// - Parameters:
    ///   - hash: The grain's hash.
    ///   - type: The grain's type.
    ///   - view: The view.
    /// - Returns: The member's number; `nil` when no member of that view's ring hosts the type.
    package func owner(of hash: UInt64, type: String, at view: Int64) -> Int32? {
        guard let hosting = hosts[type],
            entries.indices.contains(where: { hosting[$0] && isInside($0, type: type, view: view) })
        else { return nil }
        var index = lowerBound(hash)
        // Ends, since one of those that are inside is met.
        while true {
            if index == points.count { index = 0 }
            let place = Int(places[index])
            if hosting[place], isInside(place, type: type, view: view) { return entries[place].silo }
            index += 1
        }
    }

    /// Visits everyone who owned a hash in some view of a range.
    ///
    /// - Parameters:
    ///   - hash: The grain's hash.
    ///   - type: The grain's type.
    ///   - first: The first view.
    ///   - last: The last view.
    ///   - body: Is given the member and the first and last of the views in which it is the owner, maybe more than once
    ///     for a member; false ends the visit.
    package func forEachOwner(
        of hash: UInt64, type: String, from first: Int64, through last: Int64,
        _ body: (_ silo: Int32, _ first: Int64, _ last: Int64) -> Bool
    ) {
        guard first <= last, !points.isEmpty, let hosting = hosts[type] else { return }
        // Ranges without an owner so far, and the members that may still own some of them.
        var open: [(first: Int64, last: Int64)] = [(first, last)]
        var left = 0
        var seen = hosting.map { !$0 }
        for index in entries.indices where !seen[index] {
            if entries[index].from <= last, entries[index].to > first { left += 1 } else { seen[index] = true }
        }
        var index = lowerBound(hash)
        while left > 0 {
            if index == points.count { index = 0 }
            let place = Int(places[index])
            index += 1
            if seen[place] { continue }
            seen[place] = true
            left -= 1
            for (from, through) in stretches(of: place, type: type) {
                var rest: [(first: Int64, last: Int64)] = []
                for range in open {
                    let low = max(range.first, from)
                    let high = min(range.last, through)
                    if low > high {
                        rest.append(range)
                        continue
                    }
                    if !body(entries[place].silo, low, high) { return }
                    if range.first < low { rest.append((range.first, low - 1)) }
                    if high < range.last { rest.append((high + 1, range.last)) }
                }
                if rest.isEmpty { return }
                open = rest
            }
        }
    }

    /// The ring of one view for the grains of one type, to be asked often.
    ///
    /// - Parameters:
    ///   - type: The grain type.
    ///   - view: The view.
    /// - Returns: A ring that answers as ``owner(of:type:at:)`` does.
    package func ring(for type: String, at view: Int64) -> Ring {
        guard let hosting = hosts[type] else { return Ring(points: [], owners: []) }
        let inside = entries.indices.map { hosting[$0] && isInside($0, type: type, view: view) }
        var kept: [UInt64] = []
        var owners: [Int32] = []
        kept.reserveCapacity(points.count)
        owners.reserveCapacity(points.count)
        for (point, place) in zip(points, places) where inside[Int(place)] {
            kept.append(point)
            owners.append(entries[Int(place)].silo)
        }
        return Ring(points: kept, owners: owners)
    }

    /// The members of a view's ring that host a type, lowest number first: types with equal lists share a ring.
    package func members(hosting type: String, at view: Int64) -> [Int32] {
        guard let hosting = hosts[type] else { return [] }
        return entries.indices.filter { hosting[$0] && isInside($0, type: type, view: view) }
            .map { entries[$0].silo }
    }

    private func lowerBound(_ hash: UInt64) -> Int {
        var low = 0
        var high = points.count
        while low < high {
            let middle = (low + high) / 2
            if points[middle] < hash { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Merges the members' sorted points pairwise: `log(members)` passes over all points.
    private mutating func rebuild() {
        var lists: [(points: [UInt64], places: [UInt32])] = entries.indices.map {
            (entries[$0].points, Array(repeating: UInt32($0), count: entries[$0].points.count))
        }
        while lists.count > 1 {
            var merged: [(points: [UInt64], places: [UInt32])] = []
            for index in stride(from: 0, to: lists.count, by: 2) {
                merged.append(index + 1 < lists.count ? Self.merge(lists[index], lists[index + 1]) : lists[index])
            }
            lists = merged
        }
        points = lists.first?.points ?? []
        places = lists.first?.places ?? []
        hosts = [:]
        versioned = Set(
            entries.flatMap { entry in (entry.versions ?? [:]).filter { $0.value.oldestBeside > 1 }.keys })
        for index in entries.indices {
            for type in entries[index].types {
                hosts[type, default: Array(repeating: false, count: entries.count)][index] = true
            }
        }
    }

    /// On equal points the first list's go first: the lower number wins everywhere.
    private static func merge(
        _ a: (points: [UInt64], places: [UInt32]), _ b: (points: [UInt64], places: [UInt32])
    ) -> (points: [UInt64], places: [UInt32]) {
        var points: [UInt64] = []
        var places: [UInt32] = []
        points.reserveCapacity(a.points.count + b.points.count)
        places.reserveCapacity(a.points.count + b.points.count)
        var i = 0
        var j = 0
        while i < a.points.count || j < b.points.count {
            if j == b.points.count || (i < a.points.count && a.points[i] <= b.points[j]) {
                points.append(a.points[i])
                places.append(a.places[i])
                i += 1
            } else {
                points.append(b.points[j])
                places.append(b.places[j])
                j += 1
            }
        }
        return (points, places)
    }

    /// A member's place follows from its name, so a restarted silo gets the same grains again.
    private static func points(of member: ClusterMember, key: HashKey, perWeight: Int) -> [UInt64] {
        var start = SipHasher(key: key)
        start.combine(UInt64(member.name.utf8.count))
        start.combine(member.name)
        let count = max(0, Int(member.weight)) * perWeight
        var points: [UInt64] = []
        points.reserveCapacity(count)
        for index in 0..<count {
            var hasher = start
            hasher.combine(UInt64(index))
            points.append(hasher.finalized())
        }
        points.sort()
        return points
    }
}
