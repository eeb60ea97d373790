import FoundationEssentials
import Hummingbird
import NIOCore
import ServiceLifecycle
import ShopAPI
import ShopGrains

/// The stock: once, and live as server-sent events.
struct StockRoutes: Sendable {
    let shop: Shop
    let feed: StockFeed

    func add(to router: Router<ShopContext>) {
        router.get("api/stock") { _, _ in try JSON.response(try await levels()) }
        router.get("api/stock/events", use: events)
    }

    private func levels() async throws -> [StockBody] {
        var levels: [StockBody] = []
        for product in try await shop.catalog.all() {
            levels.append(StockBody(try await shop.stock(product.id).level()))
        }
        return levels
    }

    /// The current levels, then every change, until the client goes, falls behind, or the shop closes.
    @Sendable private func events(_: Request, _ context: ShopContext) async throws -> Response {
        let channel = context.channel
        guard feed.hasRoom else { return try Problems.busy("Too many people watch the stock.") }
        let body = ResponseBody { [feed] writer in
            guard let watcher = feed.watch(onDrop: { channel.close(promise: nil) }) else {
                return try await writer.finish(nil)
            }
            defer { feed.leave(watcher) }
            try await withGracefulShutdownHandler {
                var shown: [String: StockBody] = [:]
                for level in try await levels() {
                    shown[level.product] = level
                    try await writer.write(Self.line(level))
                }
                for await event in watcher.events {
                    switch event {
                    case .change(let level):
                        let body = StockBody(level)
                        if shown.updateValue(body, forKey: body.product) == body { continue }
                        try await writer.write(Self.line(body))
                    case .heartbeat: try await writer.write(ByteBuffer(string: ": still here\n\n"))
                    }
                }
                try await writer.finish(nil)
            } onGracefulShutdown: {
                feed.leave(watcher)
                // A client that does not read must not keep the shop open.
                channel.eventLoop.scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
            }
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store", .connection: "close",
            ],
            body: body)
    }

    private static func line(_ level: StockBody) throws -> ByteBuffer {
        var buffer = ByteBuffer(string: "event: stock\ndata: ")
        buffer.writeBytes(try JSONEncoder().encode(level))
        buffer.writeStaticString("\n\n")
        return buffer
    }
}
