extension JSONValueDecoder {
    /// Gives a fault its place, and makes of it what handwritten `init(from:)` code expects.
    ///
    /// - Parameters:
    ///   - fault: What is wrong.
    ///   - type: The type that was to be read.
    ///   - value: The node of the value that was to be read, which may contain the one that is wrong.
    ///   - key: The key of that value, if it is not the decoder's own.
    /// - Returns: The error.
    func located(_ fault: JSONFault, _ type: Any.Type, at value: Int?, _ key: (any CodingKey)? = nil) -> DecodingError {
        var path = codingPath
        if fault.code == .missingKey, let key {
            let message = "the key '\(key.stringValue)' is missing"
            return .keyNotFound(key, DecodingError.Context(codingPath: path, debugDescription: message))
        }
        if let key { path.append(key) }
        if let value, let node = fault.node { path += keys(from: value, to: node) }
        let context = DecodingError.Context(codingPath: path, debugDescription: fault.message)
        switch fault.code {
        case .mismatch where fault.found == .null, .atEnd: return .valueNotFound(type, context)
        case .mismatch: return .typeMismatch(type, context)
        default: return .dataCorrupted(context)
        }
    }

    /// The keys that lead from a value to one that it contains.
    private func keys(from value: Int, to node: Int) -> [any CodingKey] {
        let source = source
        var keys: [any CodingKey] = []
        var container = value
        while container < node, node < source.next(container) {
            let isObject = source.node(container).kind == .object
            var place = container + 1
            var index = 0
            while true {
                let element = isObject ? place + 1 : place
                if node < source.next(element) {
                    keys.append(
                        isObject
                            ? JSONNameKey(stringValue: source.text(source.node(place))) : CBORIndexKey.index(index))
                    container = element
                    break
                }
                place = source.next(element)
                index += 1
            }
        }
        return keys
    }
}
