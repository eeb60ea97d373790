import Granary

/// A line of an order.
@Coded
struct Line: Sendable {
    var product: String
    var quantity: Int
    var cents: Int
    var note: String?

    static func sample(_ number: Int) -> Line {
        Line(
            product: "product-\(number)", quantity: number % 7 + 1, cents: number * 37 % 10_000,
            note: number % 5 == 0 ? "as a present" : nil)
    }
}

/// The same without the mark.
struct PlainLine: Codable {
    var product: String
    var quantity: Int
    var cents: Int
    var note: String?

    static func sample(_ number: Int) -> PlainLine {
        PlainLine(
            product: "product-\(number)", quantity: number % 7 + 1, cents: number * 37 % 10_000,
            note: number % 5 == 0 ? "as a present" : nil)
    }
}
