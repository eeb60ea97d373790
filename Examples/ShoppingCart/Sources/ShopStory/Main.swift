import Foundation

@main
enum Main {
    static func main() async {
        let environment = ProcessInfo.processInfo.environment
        guard let program = environment["GRANARY_SHOP"], let database = environment["GRANARY_POSTGRES_URL"] else {
            complain("Set GRANARY_SHOP to the program 'shop' and GRANARY_POSTGRES_URL to a migrated database.")
            exit(64)
        }
        let story = Story(program: program, database: database)
        do {
            let shops = Front()
            if CommandLine.arguments.contains("--open") {
                try await story.openThree(in: shops)
            } else {
                try await story.tell()
                try await story.tellOfThree(in: shops)
            }
            if !CommandLine.arguments.contains("--once") { try await story.stay(with: shops) }
            try await story.close(shops)
        } catch {
            complain("LOST: \(error)")
            exit(1)
        }
    }

    private static func complain(_ text: String) {
        FileHandle.standardError.write(Data("shop-story: \(text)\n".utf8))
    }
}
