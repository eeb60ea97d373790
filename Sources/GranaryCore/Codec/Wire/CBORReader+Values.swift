extension CBORReader {
    /// Reads a boolean.
    @inline(__always)
    mutating func bool() throws(CBORFault) -> Bool {
        let head = try untaggedHead()
        switch head.initial {
        case CBORByte.true: return true
        case CBORByte.false: return false
        default: throw CBORFault(.typeMismatch, "expected a boolean", found: head)
        }
    }

    /// Reads an integer of any width, big numbers (tags 2 and 3) included.
    ///
    /// Inlinable, or calls from other modules would run the code that is not specialised for any type.
    @inlinable
    @inline(__always)
    mutating func integer<Value: FixedWidthInteger>(_: Value.Type) throws(CBORFault) -> Value {
        let head = try head()
        if head.major == CBORMajor.unsigned {
            guard let value = Value(exactly: head.argument) else { throw Self.outOfRange }
            return value
        }
        if head.major == CBORMajor.negative, head.argument <= UInt64(Int64.max) {
            guard let value = Value(exactly: -1 &- Int64(truncatingIfNeeded: head.argument)) else {
                throw Self.outOfRange
            }
            return value
        }
        return try wideInteger(head)
    }

    @usableFromInline static var outOfRange: CBORFault { CBORFault(.numberOutOfRange, "the number does not fit") }

    /// Everything that the fast path leaves: integers below the least `Int64`, tags, big numbers up to `UInt128`.
    @usableFromInline
    @inline(never)
    mutating func wideInteger<Value: FixedWidthInteger>(_ first: CBORHead) throws(CBORFault) -> Value {
        var head = first
        var magnitude: UInt128?
        var isNegative = false
        while head.major == CBORMajor.tag, magnitude == nil {
            if head.argument == CBORTag.positiveBignum || head.argument == CBORTag.negativeBignum {
                isNegative = head.argument == CBORTag.negativeBignum
                magnitude = try bignumMagnitude()
            } else {
                head = try self.head()
            }
        }
        if magnitude == nil {
            guard head.major <= CBORMajor.negative else {
                throw CBORFault(.typeMismatch, "expected an integer", found: head)
            }
            isNegative = head.major == CBORMajor.negative
        }
        let natural = magnitude ?? UInt128(head.argument)
        if !isNegative {
            guard let value = Value(exactly: natural) else { throw Self.outOfRange }
            return value
        }
        guard let signed = Int128(exactly: natural), let value = Value(exactly: -1 - signed) else {
            throw Self.outOfRange
        }
        return value
    }

    private mutating func bignumMagnitude() throws(CBORFault) -> UInt128 {
        let head = try head()
        guard head.major == CBORMajor.bytes else {
            throw CBORFault(.malformed, "a big number that is no byte string", found: head)
        }
        var magnitude: UInt128 = 0
        for byte in try string(head) {
            guard magnitude >> 120 == 0 else { throw Self.outOfRange }
            magnitude = magnitude << 8 | UInt128(byte)
        }
        return magnitude
    }

    /// Reads a floating-point number of any width, or an integer that a `Double` holds exactly.
    mutating func double() throws(CBORFault) -> Double {
        var head = try head()
        if head.initial == CBORByte.double { return Double(bitPattern: head.argument) }
        while head.major == CBORMajor.tag { head = try self.head() }
        switch head.initial {
        case CBORByte.double: return Double(bitPattern: head.argument)
        case CBORByte.single: return Double(Float(bitPattern: UInt32(truncatingIfNeeded: head.argument)))
        case CBORByte.half: return Self.half(UInt16(truncatingIfNeeded: head.argument))
        default: break
        }
        guard head.major <= CBORMajor.negative else {
            throw CBORFault(.typeMismatch, "expected a number", found: head)
        }
        let isNegative = head.major == CBORMajor.negative
        let integer = isNegative ? -1 - Int128(head.argument) : Int128(head.argument)
        guard let value = Double(exactly: integer) else { throw Self.outOfRange }
        return value
    }

    /// Reads a floating-point number as ``double()`` does; more precise ones are rounded, larger ones are an error.
    mutating func float() throws(CBORFault) -> Float {
        if try peek() == CBORByte.single {
            return Float(bitPattern: UInt32(truncatingIfNeeded: try head().argument))
        }
        let wide = try double()
        let value = Float(wide)
        guard value.isFinite || !wide.isFinite else { throw Self.outOfRange }
        return value
    }

    /// A half-precision number (RFC 8949, appendix D), without `Float16`, which some platforms lack.
    private static func half(_ bits: UInt16) -> Double {
        let exponent = Int(bits >> 10 & 0x1f)
        let fraction = Double(bits & 0x3ff)
        let sign: FloatingPointSign = bits & 0x8000 == 0 ? .plus : .minus
        switch exponent {
        case 0: return Double(sign: sign, exponent: -24, significand: fraction)
        case 31: return fraction == 0 ? (sign == .plus ? .infinity : -.infinity) : .nan
        default: return Double(sign: sign, exponent: exponent - 25, significand: fraction + 1024)
        }
    }

    /// Reads text.
    @inline(__always)
    mutating func text() throws(CBORFault) -> String {
        let head = try untaggedHead()
        guard head.major == CBORMajor.text else { throw CBORFault(.typeMismatch, "expected text", found: head) }
        if head.isIndefinite { return try chunkedText(head) }
        return try Self.validated(try take(head.argument))
    }

    private mutating func chunkedText(_ head: CBORHead) throws(CBORFault) -> String {
        var text = ""
        while let chunk = try chunk(of: head) { text += try Self.validated(chunk) }
        return text
    }

    /// Reads the key of an entry, if it is text or an integer; else the value is all that is left of the entry.
    @usableFromInline
    mutating func entryName() throws(CBORFault) -> String? {
        try CBORMapEntry(from: &self, depth: depth).name(self)
    }

    /// Makes a string of UTF-8 and nothing else.
    @inline(__always)
    static func validated(_ bytes: UnsafeRawBufferPointer) throws(CBORFault) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CBORFault(.malformed, "text that is not UTF-8")
        }
        return text
    }

    /// The content of a byte string whose head was read.
    mutating func string(_ head: CBORHead) throws(CBORFault) -> [UInt8] {
        guard head.isIndefinite else { return [UInt8](try take(head.argument)) }
        var bytes: [UInt8] = []
        while let chunk = try chunk(of: head) { bytes.append(contentsOf: chunk) }
        return bytes
    }

    /// Reads the head of an array or a map.
    ///
    /// - Returns: The number of elements or entries, or `nil` where a break ends them.
    @usableFromInline
    mutating func openContainer(_ major: UInt8) throws(CBORFault) -> Int? {
        let head = try untaggedHead()
        guard head.major == major else {
            throw major == CBORMajor.map
                ? CBORFault(.typeMismatch, "expected a map", found: head)
                : CBORFault(.typeMismatch, "expected an array", found: head)
        }
        guard depth < maximumDepth else { throw CBORFault.tooDeep }
        if head.isIndefinite { return nil }
        return try checked(head.argument, bytesEach: major == CBORMajor.map ? 2 : 1)
    }
}
