internal import CGranaryMemory
internal import FoundationEssentials

#if canImport(Glibc)
internal import Glibc
#endif

/// The memory of this process as Linux tells it.
///
/// Resident memory is the second number of `/proc/self/statm`, in pages; what there may be is the least of `MemTotal` in
/// `/proc/meminfo` and the limits of the control group (`memory.max` of version 2 and of the groups around it,
/// `memory.limit_in_bytes` of version 1). Elsewhere there is no reading. See proc(5) and the kernel's cgroup-v2.rst.
package struct ProcessMemory: MemorySource {
    private let root: String
    private let pageSize: UInt64

    /// Looks at the system.
    ///
    /// - Parameters:
    ///   - root: The folder that stands for the root of the file system.
    ///   - pageSize: The size of a page, in bytes; the system's unless said otherwise.
    package init(root: String = "", pageSize: UInt64? = nil) {
        self.root = root
        self.pageSize = pageSize ?? Self.systemPageSize
    }

    private static var systemPageSize: UInt64 {
        #if canImport(Glibc)
        UInt64(max(sysconf(Int32(_SC_PAGESIZE)), 4_096))
        #else
        4_096
        #endif
    }

    package func read() -> MemoryReading? {
        guard let pages = text("/proc/self/statm")?.split(separator: " ").dropFirst().first.flatMap({ UInt64($0) }),
            let total = machineMemory
        else { return nil }
        let available = groupLimits.min().map { min($0, total) } ?? total
        return MemoryReading(used: pages * pageSize, available: available)
    }

    package func trim() { granary_memory_trim() }

    private var machineMemory: UInt64? {
        text("/proc/meminfo")?.split(separator: "\n").first { $0.hasPrefix("MemTotal:") }
            .flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { UInt64($0) }.map { $0 * 1_024 }
    }

    /// The limits of the groups that the process is in; "max" is none.
    private var groupLimits: [UInt64] {
        var files: [String] = ["/sys/fs/cgroup/memory/memory.limit_in_bytes"]
        for line in text("/proc/self/cgroup")?.split(separator: "\n") ?? [] {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            if parts[1].isEmpty {
                // Each group around this one may have a limit of its own; the path may be one that is not seen here.
                var path = parts[2].split(separator: "/")[...]
                while true {
                    files.append("/sys/fs/cgroup/" + path.map { $0 + "/" }.joined() + "memory.max")
                    if path.isEmpty { break }
                    path.removeLast()
                }
            } else if parts[1].split(separator: ",").contains("memory") {
                files.append("/sys/fs/cgroup/memory\(parts[2])/memory.limit_in_bytes")
            }
        }
        return files.compactMap { file in
            text(file).flatMap { $0.split(whereSeparator: \.isWhitespace).first }.flatMap { UInt64($0) }
        }
    }

    private func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: root + path).map { String(decoding: $0, as: UTF8.self) }
    }
}
