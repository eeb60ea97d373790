import Granary
import GranaryTesting

/// A grain that passes a call on along a path.
///
/// A step of a path is the key of the next walker, `?key` to call its read-only method, `@name` to wait for a latch of the
/// book, or `!key` to be told an error by nobody: what the call to that walker throws is the answer.
@Grain("walker") actor Walker {
    private let book: Book

    init(context: GrainContext<Walker>, book: Book) {
        self.context = context
        self.book = book
    }

    func go(_ path: [String]) async throws -> String { try await walk(path) }

    @ReadOnly func look(_ path: [String]) async throws -> String { try await walk(path) }

    private func walk(_ path: [String]) async throws -> String {
        for (index, step) in path.enumerated() {
            let rest = Array(path[(index + 1)...])
            let name = String(step.dropFirst())
            switch step.first {
            case "@":
                book.events.record("\(context.key) waits for \(name)")
                await book.latch(name).wait()
            case "?": return try await context.grain(Walker.self, name).look(rest)
            case "!":
                do { return try await context.grain(Walker.self, name).go(rest) } catch { return "\(error)" }
            default: return try await context.grain(Walker.self, step).go(rest)
            }
        }
        return "end"
    }
}

extension Silo {
    func walker(_ key: String) -> Walker.Reference { grain(Walker.self, key) }

    /// A key whose walker lives on a silo, as this one sees it.
    func walkerKey(on silo: String, _ prefix: String = "walker") -> String {
        for number in 0... {
            let key = "\(prefix) \(number)"
            if owner(of: walker(key)) == silo { return key }
        }
        return ""
    }
}
