import Foundation

/// The files of the clone that these tests were built from.
enum Repository {
    /// The root folder.
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Every page that people read.
    static let pages: [Page] = {
        let files = FileManager.default
        var paths = ((try? files.contentsOfDirectory(atPath: root.path)) ?? []).filter { $0.hasSuffix(".md") }
        for folder in ["docs", "Sources", "Examples", "Benchmarks"] {
            let below = files.enumerator(atPath: root.appendingPathComponent(folder).path)
            while let path = below?.nextObject() as? String {
                if path.hasPrefix(".") {
                    below?.skipDescendants()
                } else if path.hasSuffix(".md") {
                    paths.append("\(folder)/\(path)")
                }
            }
        }
        return paths.sorted().compactMap { try? Page(path: $0) }
    }()

    /// Reads a file.
    ///
    /// - Parameter path: Its path from the root.
    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    /// Whether there is such a file or folder.
    ///
    /// - Parameter path: Its path from the root.
    static func has(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path)
    }

    /// The texts of all Swift files below a folder, by their paths.
    ///
    /// - Parameter folder: The folder's path from the root.
    static func sources(below folder: String) -> [String: String] {
        var sources: [String: String] = [:]
        let below = FileManager.default.enumerator(atPath: root.appendingPathComponent(folder).path)
        while let path = below?.nextObject() as? String {
            if path.split(separator: "/").last?.hasPrefix(".build") == true { below?.skipDescendants() }
            guard path.hasSuffix(".swift") else { continue }
            sources["\(folder)/\(path)"] = try? text("\(folder)/\(path)")
        }
        return sources
    }
}
