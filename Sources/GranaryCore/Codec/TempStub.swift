internal import NIOCore
struct CBOREncoder: Sendable { func encode<T: Encodable>(_ v: T, into b: inout ByteBuffer) throws {} }
struct CBORDecoder: Sendable { var userInfo: [CodingUserInfoKey: any Sendable] = [:]; func decode<T: Decodable>(_ t: T.Type, from b: inout ByteBuffer) throws -> T { throw CancellationError() } }
