#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Threads outside Swift's cooperative pool, for what blocks.
enum NativeThread {
    private final class Body {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts a detached thread.
    ///
    /// - Parameters:
    ///   - name: At most 15 bytes are shown by tools.
    ///   - run: What it does; the thread ends with it.
    /// - Returns: Whether it runs; `false` when the system gives no more threads.
    static func start(named name: String, _ run: @escaping @Sendable () -> Void) -> Bool {
        let body = Unmanaged.passRetained(
            Body {
                setName(name)
                run()
            }
        ).toOpaque()
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        #if canImport(Darwin)
        var thread: pthread_t?
        let status = pthread_create(&thread, &attributes, { call($0) }, body)
        #else
        var thread = pthread_t()
        let status = pthread_create(&thread, &attributes, { call($0) }, body)
        #endif
        if status != 0 { Unmanaged<Body>.fromOpaque(body).release() }
        return status == 0
    }

    private static func call(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let argument else { return nil }
        Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
        return nil
    }

    private static func setName(_ name: String) {
        #if canImport(Darwin)
        pthread_setname_np(String(name.prefix(15)))
        #else
        pthread_setname_np(pthread_self(), String(name.prefix(15)))
        #endif
    }
}
