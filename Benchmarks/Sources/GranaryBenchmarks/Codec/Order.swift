import FoundationEssentials
import Granary

/// An order with lines, optional fields, and a state that has values of its own.
@Coded
struct Order: Sendable {
    var id: UUID
    var customer: String
    var lines: [Line]
    var coupon: String?
    var comment: String?
    var state: OrderState
    var created: Date

    static func sample(_ lines: Int) -> Order {
        Order(
            id: UUID(uuidString: "00112233-4455-6677-8899-AABBCCDDEEFF") ?? UUID(), customer: "Ada Lovelace",
            lines: (0..<lines).map(Line.sample), coupon: "SPRING", comment: nil,
            state: .paid(reference: "payment-4711", cents: 123_45), created: Date(timeIntervalSinceReferenceDate: 7e8))
    }
}

/// What has become of an order.
@Coded
enum OrderState: Sendable {
    case open
    case paid(reference: String, cents: Int)
    case shipped(String)
}

/// The same without the mark.
struct PlainOrder: Codable {
    var id: UUID
    var customer: String
    var lines: [PlainLine]
    var coupon: String?
    var comment: String?
    var state: PlainOrderState
    var created: Date

    static func sample(_ lines: Int) -> PlainOrder {
        PlainOrder(
            id: UUID(uuidString: "00112233-4455-6677-8899-AABBCCDDEEFF") ?? UUID(), customer: "Ada Lovelace",
            lines: (0..<lines).map(PlainLine.sample), coupon: "SPRING", comment: nil,
            state: .paid(reference: "payment-4711", cents: 123_45), created: Date(timeIntervalSinceReferenceDate: 7e8))
    }
}

/// The same without the mark.
enum PlainOrderState: Codable {
    case open
    case paid(reference: String, cents: Int)
    case shipped(String)
}
