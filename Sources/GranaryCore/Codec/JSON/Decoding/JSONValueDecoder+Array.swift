extension JSONValueDecoder {
    @inline(__always)
    private func requireElement(_ place: JSONArrayPlace) throws(JSONFault) {
        if place.isAtEnd { throw JSONFault(.atEnd, "the array has no more elements") }
    }

    private func fault(_ fault: JSONFault, _ type: Any.Type, _ place: JSONArrayPlace) -> DecodingError {
        located(fault, type, at: place.node, CBORIndexKey.index(place.index))
    }

    /// Reads an element that the codec reads itself.
    @inline(__always)
    func directElement<Value: _JSONCoded>(_ type: Value.Type, at place: inout JSONArrayPlace) throws -> Value {
        do throws(JSONFault) {
            try requireElement(place)
            let source = source
            let value = try Value._readJSON(place.node, of: source)
            place = place.next(source)
            return value
        } catch {
            throw fault(error, type, place)
        }
    }

    /// Reads an element.
    func element<Value: Decodable>(_ type: Value.Type, at place: inout JSONArrayPlace) throws -> Value {
        do throws(JSONFault) {
            try requireElement(place)
        } catch {
            throw fault(error, type, place)
        }
        let value = try read(type, at: place.node, CBORIndexKey.index(place.index))
        place = place.next(source)
        return value
    }

    /// Passes over an element if it is `null`.
    func null(at place: inout JSONArrayPlace) throws -> Bool {
        do throws(JSONFault) {
            try requireElement(place)
        } catch {
            throw fault(error, Any.self, place)
        }
        guard source.isNull(place.node) else { return false }
        place = place.next(source)
        return true
    }

    /// Makes something of the decoder of an element, and passes over the element if that succeeds.
    func nested<Result>(
        at place: inout JSONArrayPlace, _ type: Any.Type, _ body: (JSONValueDecoder) throws -> Result
    ) throws -> Result {
        do throws(JSONFault) {
            try requireElement(place)
        } catch {
            throw fault(error, type, place)
        }
        let result = try body(try child(place.node, CBORIndexKey.index(place.index)))
        place = place.next(source)
        return result
    }
}
