import Granary

/// A struct of numbers.
@Coded
struct Numbers: Sendable {
    var a = 1.5
    var b = -273.15
    var c = 6.02214076e23
    var d = 0.1
    var e = 12_345_678
    var f = -1
    var g: UInt32 = 4_000_000_000
    var h: Float = 0.25
    var values = [3.14, 2.71, 1.41, 1.61, 0.57, 100, 1e-3, 9.81]

    static let sample = Numbers()
}

/// The same without the mark.
struct PlainNumbers: Codable {
    var a = 1.5
    var b = -273.15
    var c = 6.02214076e23
    var d = 0.1
    var e = 12_345_678
    var f = -1
    var g: UInt32 = 4_000_000_000
    var h: Float = 0.25
    var values = [3.14, 2.71, 1.41, 1.61, 0.57, 100, 1e-3, 9.81]

    static let sample = PlainNumbers()
}
