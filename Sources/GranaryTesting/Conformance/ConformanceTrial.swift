/// What one run of a check works with; the kit makes it.
public protocol ConformanceTrial: Sendable {
    /// The rule that is checked.
    var rule: String { get }
}

extension ConformanceTrial {
    /// Fails the check unless two values are equal.
    func expect<Value: Equatable>(_ found: Value, _ expected: Value, _ what: String) throws {
        guard found == expected else { throw failure("\(what): \(brief(expected))", brief(found)) }
    }

    /// Fails the check unless a condition holds.
    func expect(_ condition: Bool, _ expected: String, found: @autoclosure () -> Any) throws {
        guard condition else { throw failure(expected, brief(found())) }
    }

    /// Fails the check unless a value is there.
    func require<Value>(_ value: Value?, _ expected: String) throws -> Value {
        guard let value else { throw failure(expected, "nothing") }
        return value
    }

    func failure(_ expected: String, _ found: String) -> ConformanceFailure {
        ConformanceFailure(rule: rule, expected: expected, found: found)
    }

    private func brief(_ value: Any) -> String {
        let text = "\(value)"
        return text.count <= 400 ? text : "\(text.prefix(400))… (\(text.utf8.count) bytes)"
    }

    /// Runs an operation many times at once and gives the results in order.
    func parallel<R: Sendable>(_ count: Int, _ run: @escaping @Sendable (Int) async throws -> R) async throws -> [R] {
        try await withThrowingTaskGroup(of: (Int, R).self) { group in
            for index in 0..<count { group.addTask { (index, try await run(index)) } }
            var results: [(Int, R)] = []
            for try await result in group { results.append(result) }
            return results.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}
