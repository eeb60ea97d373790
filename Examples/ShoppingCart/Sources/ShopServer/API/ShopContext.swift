import Hummingbird
import NIOCore

/// What belongs to one request.
struct ShopContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The connection, to end one whose client does not read.
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// The longest request body, in bytes.
    var maxUploadSize: Int { 16_384 }
}
