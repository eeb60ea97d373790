extension CodecError {
    /// The error as the standard library's own, which is what handwritten `init(from:)` code knows how to catch.
    ///
    /// The boundary of the codec takes the `CodecError` out again.
    func asDecodingError(type: Any.Type, codingPath: [any CodingKey], key: (any CodingKey)? = nil) -> DecodingError {
        let context = DecodingError.Context(codingPath: codingPath, debugDescription: message, underlyingError: self)
        switch code {
        case .typeMismatch: return .typeMismatch(type, context)
        case .missingKey where key is CBORIndexKey: return .valueNotFound(type, context)
        case .missingKey: return key.map { .keyNotFound($0, context) } ?? .dataCorrupted(context)
        default: return .dataCorrupted(context)
        }
    }

    /// The error to show for one that left a decoding.
    ///
    /// - Returns: Errors of the caller's own types unchanged.
    static func unwrapping(_ error: any Error) -> any Error {
        switch error {
        case let error as DecodingError: CodecError(error)
        case let error as EncodingError: CodecError(error)
        case let fault as CBORFault: CodecError(fault)
        default: error
        }
    }

    /// Names the keys of a coding path.
    static func names(_ path: [any CodingKey]) -> [String] {
        path.map { key in key.intValue.map(String.init) ?? key.stringValue }
    }

    init(_ fault: CBORFault, codingPath: [any CodingKey] = []) {
        self.init(fault.code, fault.message, path: Self.names(codingPath))
    }

    private init(_ error: DecodingError) {
        let found: (code: Code, context: DecodingError.Context)
        switch error {
        case .typeMismatch(_, let context), .valueNotFound(_, let context): found = (.typeMismatch, context)
        case .keyNotFound(_, let context): found = (.missingKey, context)
        case .dataCorrupted(let context): found = (.invalidValue, context)
        @unknown default:
            self.init(.invalidValue, "\(error)")
            return
        }
        if let own = found.context.underlyingError as? CodecError {
            self = own
        } else {
            self.init(found.code, found.context.debugDescription, path: Self.names(found.context.codingPath))
        }
    }

    private init(_ error: EncodingError) {
        guard case .invalidValue(_, let context) = error else {
            self.init(.invalidValue, "\(error)")
            return
        }
        self.init(.invalidValue, context.debugDescription, path: Self.names(context.codingPath))
    }
}
