import Granary

/// The state that the benchmark of storage saves.
@Coded
struct CodedState: Sendable {
    var owner = "nobody"
    var balance = 0
    var items: [String: Int] = ["sku-1": 2]

    static let sample = CodedState()
}

/// The same without the mark.
struct PlainState: Codable {
    var owner = "nobody"
    var balance = 0
    var items: [String: Int] = ["sku-1": 2]

    static let sample = PlainState()
}
