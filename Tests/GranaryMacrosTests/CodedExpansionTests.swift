import Testing

/// What `@Coded` writes, to the letter.
@Suite struct CodedExpansionTests {
    @Test func `A public struct`() {
        expectExpansion(
            of: #"""
                @Coded
                public struct Line: Hashable {
                    public var product: String, quantity = 1
                    let `default`: [Int]?
                    let version = 2
                    static let limit = 3
                    var total: Int { quantity }
                    enum CodingKeys: String, CodingKey {
                        case product = "the \"product\""
                        case quantity, `default`, version
                    }
                }
                """#,
            to: #"""
                public struct Line: Hashable {
                    public var product: String, quantity = 1
                    let `default`: [Int]?
                    let version = 2
                    static let limit = 3
                    var total: Int { quantity }
                    enum CodingKeys: String, CodingKey {
                        case product = "the \"product\""
                        case quantity, `default`, version
                    }
                }

                nonisolated extension Line: Swift.Decodable, Swift.Encodable {}

                nonisolated extension Line: GranaryCore._JSONCoded, GranaryCore.Coded {
                    nonisolated public func _write(to writer: inout GranaryCore.CBORWriter) throws(GranaryCore.CBORFault) {
                        GranaryCore._consistsOfFields(Self.self)
                        var map = try writer._openMap()
                        try writer._write("the \"product\"", self.product, in: &map)
                        try writer._write("quantity", self.quantity, in: &map)
                        try writer._write("default", self.`default`, in: &map)
                        try writer._write("version", self.version, in: &map)
                        writer._closeMap(map)
                    }

                    nonisolated public static func _read(from reader: inout GranaryCore.CBORReader) throws(GranaryCore.CBORFault) -> Self {
                        var fields = try reader._openFields("the \"product\"\u{0}quantity\u{0}default\u{0}")
                        let v0 = try reader._value("the \"product\"", 0, in: &fields) { (value: Self) in value.product }
                        let v1 = try reader._value("quantity", 1, in: &fields) { (value: Self) in value.quantity }
                        let v2 = try reader._value("default", 2, in: &fields) { (value: Self) in value.`default` }
                        try reader._closeFields(&fields)
                        return Self(product: v0, quantity: v1, default: v2)
                    }

                    nonisolated public func _writeJSON(to writer: inout GranaryCore.CBORWriter) throws(GranaryCore.JSONFault) {
                        var object = try writer._openObject()
                        try writer._write(prefix: ",\"the \\\"product\\\"\":", self.product, in: &object)
                        try writer._write(prefix: ",\"quantity\":", self.quantity, in: &object)
                        try writer._write(prefix: ",\"default\":", self.`default`, in: &object)
                        try writer._write(prefix: ",\"version\":", self.version, in: &object)
                        writer._closeObject(object)
                    }

                    nonisolated public static func _readJSON(_ index: Swift.Int, of source: GranaryCore.JSONSource) throws(GranaryCore.JSONFault) -> Self {
                        var fields = try source._openFields(index)
                        let v0 = try source._value("the \"product\"", in: &fields) { (value: Self) in value.product }
                        let v1 = try source._value("quantity", in: &fields) { (value: Self) in value.quantity }
                        let v2 = try source._value("default", in: &fields) { (value: Self) in value.`default` }
                        try source._closeFields(fields, "the \"product\"\u{0}quantity\u{0}default\u{0}")
                        return Self(product: v0, quantity: v1, default: v2)
                    }
                }
                """#)
    }

    @Test func `A generic struct with an initialiser of its own`() {
        expectExpansion(
            of: """
                @Coded struct Page<Item, Tag> {
                    var items: [Item]
                    init() { items = [] }
                }
                """,
            to: #"""
                struct Page<Item, Tag> {
                    var items: [Item]
                    init() { items = [] }
                }

                nonisolated extension Page: Swift.Decodable, Swift.Encodable where Item: Swift.Codable {}

                nonisolated extension Page: GranaryCore._JSONCoded, GranaryCore.Coded where Item: GranaryCore.Coded {
                    nonisolated func _write(to writer: inout GranaryCore.CBORWriter) throws(GranaryCore.CBORFault) {
                        GranaryCore._consistsOfFields(Self.self)
                        var map = try writer._openMap()
                        try writer._write("items", self.items, in: &map)
                        writer._closeMap(map)
                    }

                    nonisolated static func _read(from reader: inout GranaryCore.CBORReader) throws(GranaryCore.CBORFault) -> Self {
                        try Self(_reading: &reader)
                    }

                    nonisolated private init(_reading reader: inout GranaryCore.CBORReader) throws(GranaryCore.CBORFault) {
                        var fields = try reader._openFields("items\u{0}")
                        self.items = try reader._value("items", 0, in: &fields) { (value: Self) in value.items }
                        try reader._closeFields(&fields)
                    }

                    nonisolated func _writeJSON(to writer: inout GranaryCore.CBORWriter) throws(GranaryCore.JSONFault) {
                        var object = try writer._openObject()
                        try writer._write(prefix: ",\"items\":", self.items, in: &object)
                        writer._closeObject(object)
                    }

                    nonisolated static func _readJSON(_ index: Swift.Int, of source: GranaryCore.JSONSource) throws(GranaryCore.JSONFault) -> Self {
                        try Self(_reading: index, of: source)
                    }

                    nonisolated private init(_reading index: Swift.Int, of source: GranaryCore.JSONSource) throws(GranaryCore.JSONFault) {
                        var fields = try source._openFields(index)
                        self.items = try source._value("items", in: &fields) { (value: Self) in value.items }
                        try source._closeFields(fields, "items\u{0}")
                    }
                }
                """#)
    }

    @Test func `An enumeration`() {
        expectExpansion(
            of: """
                @Coded enum State {
                    case open
                    case paid(Int, by: Card?)
                }
                """,
            to: #"""
                enum State {
                    case open
                    case paid(Int, by: Card?)
                }

                nonisolated extension State: Swift.Decodable, Swift.Encodable {}

                nonisolated extension State: GranaryCore._JSONCoded, GranaryCore.Coded {
                    nonisolated func _write(to writer: inout GranaryCore.CBORWriter) throws(GranaryCore.CBORFault) {
                        switch self {
                        case .open:
                            let values = try writer._openCase("open")
                            writer._closeCase(values)
                        case .paid(let v0, let v1):
                            var values = try writer._openCase("paid")
                            try writer._write("_0", v0, in: &values)
                            try writer._write("by", v1, in: &values)
                            writer._closeCase(values)
                        }
                    }

                    nonisolated static func _read(from reader: inout GranaryCore.CBORReader) throws(GranaryCore.CBORFault) -> Self {
                        GranaryCore._consistsOfFields(Self.self)
                        switch try reader._openCase("open\u{0}paid\u{0}") {
                        case 0:
                            var fields = try reader._openFields("")
                            let value = Self.open
                            try reader._closeCase(&fields)
                            return value
                        case 1:
                            var fields = try reader._openFields("_0\u{0}by\u{0}")
                            let value = try Self.paid(reader._value("_0", 0, in: &fields), by: reader._optional("by", 1, in: &fields))
                            try reader._closeCase(&fields)
                            return value
                        default: throw reader._refused
                        }
                    }

                    nonisolated func _writeJSON(to writer: inout GranaryCore.CBORWriter) throws(GranaryCore.JSONFault) {
                        switch self {
                        case .open:
                            let values = try writer._openCase(prefix: ",\"open\":")
                            writer._closeCase(object: values)
                        case .paid(let v0, let v1):
                            var values = try writer._openCase(prefix: ",\"paid\":")
                            try writer._write(prefix: ",\"_0\":", v0, in: &values)
                            try writer._write(prefix: ",\"by\":", v1, in: &values)
                            writer._closeCase(object: values)
                        }
                    }

                    nonisolated static func _readJSON(_ index: Swift.Int, of source: GranaryCore.JSONSource) throws(GranaryCore.JSONFault) -> Self {
                        switch try source._openCase(index, "open\u{0}paid\u{0}") {
                        case 0:
                            let fields = try source._openFields(index + 2)
                            let value = Self.open
                            try source._closeFields(fields, "")
                            return value
                        case 1:
                            var fields = try source._openFields(index + 2)
                            let value = try Self.paid(source._value("_0", in: &fields), by: source._optional("by", in: &fields))
                            try source._closeFields(fields, "_0\u{0}by\u{0}")
                            return value
                        default: throw source._refused
                        }
                    }
                }
                """#)
    }

    @Test func `Raw values write themselves`() {
        expectExpansion(
            of: """
                @Coded enum Suit: String {
                    case hearts, spades
                }
                """,
            to: """
                enum Suit: String {
                    case hearts, spades
                }

                nonisolated extension Suit: Swift.Decodable, Swift.Encodable {}

                nonisolated extension Suit: GranaryCore._JSONCoded, GranaryCore.Coded {}
                """)
    }
}
