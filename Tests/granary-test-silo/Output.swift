#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// What the test reads.
enum Output {
    /// Prints a line that is there when the process is killed.
    static func say(_ line: String) {
        print(line)
        fflush(nil)
    }
}
