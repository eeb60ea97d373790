extension Axis {
    /// A number with `k` and `M` for thousands and millions.
    static func count(_ value: Double) -> String {
        switch value {
        case 1e9...: "\(Numeral.short(value / 1e9)) G"
        case 1e6...: "\(Numeral.short(value / 1e6)) M"
        case 1e4...: "\(Numeral.short(value / 1e3)) k"
        case 1e3...: "\(Int(value) / 1_000),\(String(1_000 + Int(value) % 1_000).dropFirst())"
        default: Numeral.short(value)
        }
    }

    /// Nanoseconds, in the unit that suits them.
    static func time(_ nanoseconds: Double) -> String {
        switch nanoseconds {
        case 0.999e9...: "\(Numeral.short(nanoseconds / 1e9)) s"
        case 0.999e6...: "\(Numeral.short(nanoseconds / 1e6)) ms"
        case 0.999e3...: "\(Numeral.short(nanoseconds / 1e3)) µs"
        default: "\(Numeral.short(nanoseconds)) ns"
        }
    }
}
