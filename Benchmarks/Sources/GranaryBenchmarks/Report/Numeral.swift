/// Numbers as people read them: three digits that matter, and groups of three.
enum Numeral {
    static func text(_ value: Double) -> String {
        let size = abs(value)
        switch size {
        case _ where !size.isFinite: return "–"
        case 999.5...: return grouped(value)
        case 99.95...: return decimal(value, 0)
        case 9.995...: return decimal(value, 1)
        default: return decimal(value, 2)
        }
    }

    /// Without zeros behind the point.
    static func short(_ value: Double) -> String {
        let text = text(value)
        guard text.contains(".") else { return text }
        let digits = text.reversed().drop { $0 == "0" }
        return String((digits.first == "." ? digits.dropFirst() : digits).reversed())
    }

    /// A small number as short as it can be told, such as 0.001.
    static func significant(_ value: Double) -> String {
        var digits = 0
        var scaled = abs(value)
        while digits < 9, scaled > 0, scaled < 0.999 {
            scaled *= 10
            digits += 1
        }
        return digits == 0 ? short(value) : decimal(value, digits)
    }

    /// So many digits behind the point, none of which is left out.
    static func decimal(_ value: Double, _ digits: Int) -> String {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let whole = Int((abs(value) * scale).rounded())
        let sign = value < 0 && whole > 0 ? "-" : ""
        guard digits > 0 else { return "\(sign)\(whole)" }
        let text = String(whole)
        let padded = String(repeating: "0", count: max(digits + 1 - text.count, 0)) + text
        return "\(sign)\(padded.dropLast(digits)).\(padded.suffix(digits))"
    }

    /// A great number, of which three digits matter.
    private static func grouped(_ value: Double) -> String {
        var unit = 1.0
        while abs(value) / unit >= 999.5 { unit *= 10 }
        let digits = String(Int((abs(value) / unit).rounded()) * Int(unit))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text += "," }
            text.append(digit)
        }
        return (value < 0 ? "-" : "") + text
    }
}
