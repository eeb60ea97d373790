import Granary

/// A flat struct.
@Coded
struct Account: Sendable {
    var id = 4_711
    var owner = "Grace Hopper"
    var isOpen = true
    var balance = 1_234.5

    static let sample = Account()
}

/// The same without the mark.
struct PlainAccount: Codable {
    var id = 4_711
    var owner = "Grace Hopper"
    var isOpen = true
    var balance = 1_234.5

    static let sample = PlainAccount()
}
