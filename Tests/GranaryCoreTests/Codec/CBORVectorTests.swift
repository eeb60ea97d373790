import GranaryCore
import Testing

/// The examples of RFC 8949, appendix A.
struct CBORVectorTests {
    @Test(arguments: [
        (0, "00"), (1, "01"), (10, "0a"), (23, "17"), (24, "1818"), (25, "1819"), (100, "1864"), (1000, "1903e8"),
        (1_000_000, "1a000f4240"), (1_000_000_000_000, "1b000000e8d4a51000"), (-1, "20"), (-10, "29"), (-100, "3863"),
        (-1000, "3903e7"),
    ])
    func integers(value: Int, hex: String) throws {
        #expect(try encoded(value) == bytes(hex))
        #expect(try decoded(Int.self, bytes(hex)) == value)
    }

    @Test func integersBeyondInt() throws {
        #expect(try encoded(UInt64.max) == bytes("1bffffffffffffffff"))
        #expect(try decoded(UInt64.self, bytes("1bffffffffffffffff")) == UInt64.max)
        let bignum = Int128(UInt64.max) + 1
        #expect(try encoded(bignum) == bytes("c249010000000000000000"))
        #expect(try decoded(Int128.self, bytes("c249010000000000000000")) == bignum)
        #expect(try encoded(-bignum) == bytes("3bffffffffffffffff"))
        #expect(try decoded(Int128.self, bytes("3bffffffffffffffff")) == -bignum)
        #expect(try encoded(-bignum - 1) == bytes("c349010000000000000000"))
        #expect(try decoded(Int128.self, bytes("c349010000000000000000")) == -bignum - 1)
    }

    @Test(arguments: [
        (0.0, "f90000"), (-0.0, "f98000"), (1.0, "f93c00"), (1.1, "fb3ff199999999999a"), (1.5, "f93e00"),
        (65504.0, "f97bff"), (100000.0, "fa47c35000"), (3.4028234663852886e+38, "fa7f7fffff"),
        (1.0e+300, "fb7e37e43c8800759c"), (5.960464477539063e-8, "f90001"), (0.00006103515625, "f90400"),
        (-4.0, "f9c400"), (-4.1, "fbc010666666666666"), (.infinity, "f97c00"), (-.infinity, "f9fc00"),
        (.infinity, "fa7f800000"), (-.infinity, "faff800000"), (.infinity, "fb7ff0000000000000"),
        (-.infinity, "fbfff0000000000000"),
    ])
    func floatingPoint(value: Double, hex: String) throws {
        #expect(try decoded(Double.self, bytes(hex)).bitPattern == value.bitPattern)
    }

    @Test(arguments: ["f97e00", "fa7fc00000", "fb7ff8000000000000"])
    func notANumber(hex: String) throws {
        #expect(try decoded(Double.self, bytes(hex)).isNaN)
        #expect(try decoded(Float.self, bytes(hex)).isNaN)
    }

    @Test func simpleValues() throws {
        #expect(try encoded(false) == bytes("f4"))
        #expect(try encoded(true) == bytes("f5"))
        #expect(try encoded(Int?.none) == bytes("f6"))
        #expect(try decoded(Bool.self, bytes("f4")) == false)
        #expect(try decoded(Bool.self, bytes("f5")) == true)
        #expect(try decoded(Bool?.self, bytes("f6")) == nil)
        #expect(try decoded(Bool?.self, bytes("f7")) == nil)
    }

    @Test(arguments: ["f0", "f8ff", "c074323031332d30332d32315432303a30343a30305a", "d74401020304", "d818456449455446"])
    func itemsThatNobodyAsksForArePassedOver(hex: String) throws {
        struct Empty: Codable, Equatable {}
        let map = bytes("a16178") + bytes(hex)
        #expect(try decoded(Empty.self, map) == Empty())
    }

    @Test func tagsArePassedOver() throws {
        #expect(
            try decoded(String.self, bytes("c074323031332d30332d32315432303a30343a30305a")) == "2013-03-21T20:04:00Z")
        #expect(try decoded(Int.self, bytes("c11a514b67b0")) == 1_363_896_240)
        #expect(try decoded(Double.self, bytes("c1fb41d452d9ec200000")) == 1_363_896_240.5)
        #expect(try decoded([UInt8].self, bytes("d74401020304")) == [1, 2, 3, 4])
        #expect(
            try decoded(String.self, bytes("d82076687474703a2f2f7777772e6578616d706c652e636f6d"))
                == "http://www.example.com")
        #expect(try decoded([Int].self, bytes("c1c180")) == [])
        #expect(try decoded(Int?.self, bytes("c1c1f6")) == nil)
    }

    @Test func byteStrings() throws {
        #expect(try encoded([UInt8]()) == bytes("40"))
        #expect(try encoded([1, 2, 3, 4] as [UInt8]) == bytes("4401020304"))
        #expect(try decoded([UInt8].self, bytes("4401020304")) == [1, 2, 3, 4])
        #expect(try decoded([UInt8].self, bytes("5f42010243030405ff")) == [1, 2, 3, 4, 5])
        #expect(try decoded([UInt8].self, bytes("8401020304")) == [1, 2, 3, 4])
    }

    @Test(arguments: [
        ("", "60"), ("a", "6161"), ("IETF", "6449455446"), ("\"\\", "62225c"), ("\u{fc}", "62c3bc"),
        ("\u{6c34}", "63e6b0b4"), ("\u{10151}", "64f0908591"),
    ])
    func text(value: String, hex: String) throws {
        #expect(try encoded(value) == bytes(hex))
        #expect(try decoded(String.self, bytes(hex)) == value)
    }

    @Test func textInChunks() throws {
        #expect(try decoded(String.self, bytes("7f657374726561646d696e67ff")) == "streaming")
    }

    @Test func arrays() throws {
        #expect(try encoded([Int]()) == bytes("80"))
        #expect(try encoded([1, 2, 3]) == bytes("83010203"))
        let long = bytes("98190102030405060708090a0b0c0d0e0f101112131415161718181819")
        #expect(try encoded(Array(1...25)) == long)
        #expect(try decoded([Int].self, long) == Array(1...25))
        #expect(try decoded([Int].self, bytes("9fff")) == [])
        #expect(
            try decoded([Int].self, bytes("9f0102030405060708090a0b0c0d0e0f101112131415161718181819ff"))
                == Array(1...25))
        for hex in [
            "8301820203820405", "9f018202039f0405ffff", "9f01820203820405ff", "83018202039f0405ff",
            "83019f0203ff820405",
        ] {
            #expect(try decoded(Ragged.self, bytes(hex)) == Ragged(first: 1, second: [2, 3], third: [4, 5]))
        }
    }

    @Test func maps() throws {
        #expect(try encoded([String: Int]()) == bytes("a0"))
        #expect(
            try decoded([String: String].self, bytes("a56161614161626142616361436164614461656145"))
                == ["a": "A", "b": "B", "c": "C", "d": "D", "e": "E"])
        #expect(try decoded([Int: Int].self, bytes("a201020304")) == [1: 2, 3: 4])
        for hex in ["a26161016162820203", "bf61610161629f0203ffff"] {
            #expect(try decoded(Pair.self, bytes(hex)) == Pair(a: 1, b: [2, 3]))
        }
        #expect(try encoded(Pair(a: 1, b: [2, 3])) == bytes("a26161016162820203"))
        #expect(try decoded([String: Bool].self, bytes("bf6346756ef5ff")) == ["Fun": true])
    }

    private struct Pair: Codable, Equatable {
        var a: Int
        var b: [Int]
    }

    private struct Ragged: Codable, Equatable {
        var first: Int
        var second: [Int]
        var third: [Int]

        init(first: Int, second: [Int], third: [Int]) {
            self.first = first
            self.second = second
            self.third = third
        }

        init(from decoder: any Decoder) throws {
            var container = try decoder.unkeyedContainer()
            first = try container.decode(Int.self)
            second = try container.decode([Int].self)
            third = try container.decode([Int].self)
        }
    }
}
