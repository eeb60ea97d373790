/// The coding key of a place that has no name: a position in an array, or the superclass's part.
enum CBORIndexKey: CodingKey {
    case index(Int)
    case `super`

    init?(stringValue: String) {
        guard stringValue == "super" else { return nil }
        self = .super
    }

    init?(intValue: Int) { self = .index(intValue) }

    /// The name under which a superclass is written when the class gives none, as everywhere in Swift.
    var stringValue: String {
        switch self {
        case .index(let index): "Index \(index)"
        case .super: "super"
        }
    }

    var intValue: Int? {
        switch self {
        case .index(let index): index
        case .super: nil
        }
    }
}
