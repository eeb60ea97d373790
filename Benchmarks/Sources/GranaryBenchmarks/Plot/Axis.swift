#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A quantity along an edge of a plot: its range, where its values lie, and what is written beside it.
struct Axis {
    struct Tick {
        var value: Double
        /// Nothing for a line that has no number.
        var text: String?
    }

    enum Kind {
        case linear
        case logarithmic
    }

    /// The quantity and its unit.
    let label: String
    let kind: Kind
    let ticks: [Tick]
    private let lower: Double
    private let upper: Double

    /// An axis that shows all values; the texts of its ticks are made by `format`.
    init(_ label: String, _ kind: Kind, values: [Double], format: (Double) -> String) {
        self.label = label
        self.kind = kind
        switch kind {
        case .linear:
            let top = max(values.max() ?? 1, 1e-9)
            let step = Self.step(top / 5)
            let count = Int((top / step).rounded(.up))
            (lower, upper) = (0, step * Double(count))
            ticks = (0...count).map { Tick(value: step * Double($0), text: format(step * Double($0))) }
        case .logarithmic:
            let positive = values.filter { $0 > 0 }
            let (least, most) = (positive.min() ?? 1, positive.max() ?? 10)
            var decade = pow(10, (log10(least) + 1e-9).rounded(.down))
            var steps: [(value: Double, isDecade: Bool, isHalf: Bool)] = []
            while decade <= most * 10 {
                for factor in 1...9 {
                    steps.append((decade * Double(factor), factor == 1, factor == 2 || factor == 5))
                }
                decade *= 10
            }
            // Ends at 1, 2 or 5 times a power of ten.
            let ends = steps.filter { $0.isDecade || $0.isHalf }.map(\.value)
            let bottom = ends.last { $0 <= least * 1.000_001 } ?? least
            let end = ends.first { $0 >= most * 0.999_999 && $0 > bottom } ?? most
            (lower, upper) = (bottom, end)
            let isShort = end / bottom < 5_000
            ticks = steps.filter { $0.value >= bottom * 0.999_999 && $0.value <= end * 1.000_001 }.map {
                Tick(value: $0.value, text: $0.isDecade || (isShort && $0.isHalf) ? format($0.value) : nil)
            }
        }
    }

    /// How far along the axis a value lies, from 0 to 1.
    func position(_ value: Double) -> Double {
        switch kind {
        case .linear: return (value - lower) / (upper - lower)
        case .logarithmic:
            let clamped = min(max(value, lower), upper)
            return log10(clamped / lower) / log10(upper / lower)
        }
    }

    /// 1, 2 or 5 times a power of ten, not below a value.
    private static func step(_ least: Double) -> Double {
        let decade = pow(10, log10(least).rounded(.down))
        return decade * ([1, 2, 5].first { $0 * decade >= least } ?? 10)
    }
}
