import Foundation
import ShopClient

/// The last act, which the audience ends.
extension Story {
    /// Keeps the shops open, and a door in front of them, until this program is told to stop.
    func stay(with shops: Front) async throws {
        let door = try await Door.open(to: shops)
        let (told, signals) = AsyncStream.makeStream(of: Void.self)
        // Ctrl-C reaches the shops, too: they close in order, and we wait for that.
        let sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { signals.finish() }
            source.resume()
            return source
        }
        defer { for source in sources { source.cancel() } }
        say("The shop is open: http://127.0.0.1:\(door.port)/  (Ctrl-C closes it)")
        say("Behind it: \(shops.described). End one with kill -9, and the page goes on.")
        for await _ in told {}
        await door.close()
    }
}
