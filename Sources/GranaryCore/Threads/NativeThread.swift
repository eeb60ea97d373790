internal import CGranaryTask

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Threads outside Swift's cooperative pool, for what blocks.
package enum NativeThread {
    fileprivate final class Body {
        let name: String
        let run: @Sendable () -> Void

        init(name: String, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }

    /// Starts a detached thread.
    ///
    /// - Parameters:
    ///   - name: Tools show its first 15 bytes.
    ///   - run: What it does; the thread ends with it.
    /// - Returns: Whether it runs; `false` when the system gives no more threads.
    package static func start(named name: String, _ run: @escaping @Sendable () -> Void) -> Bool {
        let body = Unmanaged.passRetained(Body(name: name, run: run))
        let isStarted = create(with: body.toOpaque())
        if !isStarted { body.release() }
        return isStarted
    }

    /// Asks the system to let the thread that calls run soon once it has something to do: it serves sockets, and computes
    /// little.
    ///
    /// Threads that are started here have asked.
    package static func asksToBePrompt() { granary_thread_is_prompt() }

    private static func create(with argument: UnsafeMutableRawPointer) -> Bool {
        #if canImport(Darwin)
        var thread: pthread_t?
        #else
        var thread = pthread_t()
        #endif
        guard pthread_create(&thread, nil, runBody, argument) == 0 else { return false }
        #if canImport(Darwin)
        if let thread { pthread_detach(thread) }
        #else
        pthread_detach(thread)
        #endif
        return true
    }
}

/// A thread's first function.
///
/// As a method or a closure it crashes the region analysis of Swift 6.3.1.
private func runBody(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    let body = Unmanaged<NativeThread.Body>.fromOpaque(argument).takeRetainedValue()
    granary_name_thread(body.name)
    granary_thread_is_prompt()
    body.run()
    return nil
}
