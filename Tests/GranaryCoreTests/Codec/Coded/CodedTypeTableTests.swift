import Testing

@testable import GranaryCore

/// The table of types that write and read themselves.
struct CodedTypeTableTests {
    private struct Nested<Value: Codable>: Codable {}

    /// More types than there are slots at first: each wrapped once more than the one before it.
    private func check<Value: Codable>(_ type: Value.Type, wraps: Int, isCoded: Bool) {
        let found = CodedTypes.find(type)
        #expect((found.coded != nil) == isCoded)
        #expect(found.coded.map { ObjectIdentifier($0) == ObjectIdentifier(type) } ?? true)
        if wraps > 0 { check([Value].self, wraps: wraps - 1, isCoded: isCoded) }
    }

    @Test func typesAreKeptWhenItGrows() {
        for _ in 0..<2 {
            check(Marked.Item.self, wraps: 150, isCoded: true)
            check(Unmarked.Item.self, wraps: 150, isCoded: false)
            check(Nested<Marked.Item>.self, wraps: 30, isCoded: false)
        }
    }

    @Test func manyThreadsMayAskAtOnce() async {
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    check(Marked.Kind?.self, wraps: 100, isCoded: true)
                    check(Unmarked.Kind?.self, wraps: 100, isCoded: false)
                }
            }
        }
    }

    @Test func knownTypesAreFinal() {
        #expect(CodedTypes.find([String: Int].self).isFinal)
        #expect(!CodedTypes.find([[Int]].self).isFinal)
        #expect(CodedTypes.find([[Int]].self).coded != nil)
        #expect(CodedTypes.find(Set<Int>.self).coded == nil)
    }
}
