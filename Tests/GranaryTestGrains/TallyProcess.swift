#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#endif

/// This process.
public enum TallyProcess {
    /// Its identifier.
    public static var identifier: Int32 { getpid() }
}
