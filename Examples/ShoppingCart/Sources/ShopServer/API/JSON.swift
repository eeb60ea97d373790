import FoundationEssentials
import Hummingbird
import NIOCore

/// Reads and writes the bodies of requests and responses.
enum JSON {
    /// A response with a JSON body, which nobody may keep.
    static func response(
        _ value: some Encodable, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) throws -> Response {
        let data = try JSONEncoder().encode(value)
        var headers = headers
        headers[.contentType] = "application/json; charset=utf-8"
        headers[.contentLength] = String(data.count)
        headers[.cacheControl] = "no-store"
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
    }

    /// The body of a request; an empty one counts as `{}`.
    static func body<Body: Decodable>(_ request: Request, _ context: ShopContext) async throws -> Body {
        let buffer: ByteBuffer
        do {
            buffer = try await request.body.collect(upTo: context.maxUploadSize)
        } catch is NIOTooManyBytesError {
            throw HTTPError(.contentTooLarge, message: "The body may have \(context.maxUploadSize) bytes.")
        }
        let bytes = buffer.readableBytes == 0 ? Array("{}".utf8) : Array(buffer.readableBytesView)
        do {
            return try JSONDecoder().decode(Body.self, from: Data(bytes))
        } catch let error as DecodingError {
            throw HTTPError(.badRequest, message: explain(error))
        }
    }

    private static func explain(_ error: DecodingError) -> String {
        func path(_ context: DecodingError.Context) -> String {
            let path = context.codingPath.map(\.stringValue).joined(separator: ".")
            return path.isEmpty ? "The body" : "'\(path)'"
        }
        return switch error {
        case .typeMismatch(let type, let context): "\(path(context)) must be of type \(type)."
        case .valueNotFound(_, let context): "\(path(context)) must not be null."
        case .keyNotFound(let key, _): "'\(key.stringValue)' is missing."
        default: "The body is not JSON."
        }
    }
}
