import Testing

@testable import GranaryCluster

/// The vectors of the reference implementation (`vectors_sip64`): key 00 01 … 0f, input the bytes 00, 01, … of each length.
@Suite struct SipHasherTests {
    static let key = HashKey(low: 0x0706_0504_0302_0100, high: 0x0f0e_0d0c_0b0a_0908)

    @Test(
        arguments: [
            (0, 0x726f_db47_dd0e_0e31), (1, 0x74f8_39c5_93dc_67fd), (2, 0x0d6c_8009_d9a9_4f5a),
            (3, 0x8567_6696_d7fb_7e2d), (4, 0xcf27_94e0_2771_87b7), (5, 0x1876_5564_cd99_a68d),
            (15, 0xa129_ca61_49be_45e5),
        ] as [(Int, UInt64)])
    func referenceVectors(length: Int, hash: UInt64) {
        var hasher = SipHasher(key: Self.key)
        for byte in 0..<length { hasher.combine(UInt8(byte)) }
        #expect(hasher.finalized() == hash)
        // The same bytes as a text.
        var text = SipHasher(key: Self.key)
        text.combine(String(decoding: (0..<length).map { UInt8($0) }, as: UTF8.self))
        #expect(text.finalized() == hash)
    }

    @Test func wordsAndTextsAreTheirBytes() {
        for offset in 0..<9 {
            let text = "A text of some length, é and 猫"
            var bytewise = SipHasher(key: Self.key)
            var mixed = SipHasher(key: Self.key)
            for byte in 0..<offset {
                bytewise.combine(UInt8(byte))
                mixed.combine(UInt8(byte))
            }
            let word: UInt64 = 0x0123_4567_89ab_cdef
            for shift in 0..<8 { bytewise.combine(UInt8(truncatingIfNeeded: word >> UInt64(shift * 8))) }
            for byte in text.utf8 { bytewise.combine(byte) }
            mixed.combine(word)
            mixed.combine(text)
            #expect(bytewise.finalized() == mixed.finalized())
        }
    }

    @Test func typeAndKeyAreFramed() {
        let a = GrainHasher(type: "Cart", key: Self.key).hash("s1")
        let b = GrainHasher(type: "Carts", key: Self.key).hash("1")
        #expect(a != b)
        #expect(a != GrainHasher(type: "Cart", key: HashKey(low: 1, high: 2)).hash("s1"))
    }
}
