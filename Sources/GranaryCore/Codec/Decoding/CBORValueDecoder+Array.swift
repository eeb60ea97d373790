extension CBORValueDecoder {
    /// True behind the last element; bytes that are missing do not end an array.
    func isAtEnd(_ place: CBORArrayPlace) -> Bool {
        guard place.isOpenEnded else { return place.isBehindLast }
        var reader = elementReader(at: place.offset)
        return (try? reader.readBreak()) ?? false
    }

    @inline(__always)
    private func requireElement(_ place: CBORArrayPlace) throws(CBORFault) {
        if isAtEnd(place) { throw CBORFault(.missingKey, "the array has no more elements") }
    }

    @inline(__always)
    private func pass(_ place: inout CBORArrayPlace, to end: Int) {
        place.pass(to: end)
        if let furthest = array, furthest.offset < end { array = place }
    }

    private func fault(_ fault: CBORFault, _ type: Any.Type, _ place: CBORArrayPlace) -> DecodingError {
        located(fault, type, CBORIndexKey.index(place.index))
    }

    /// Reads an element that the codec reads itself.
    @inline(__always)
    func directElement<Value: Coded>(_ type: Value.Type, at place: inout CBORArrayPlace) throws -> Value {
        do throws(CBORFault) {
            try requireElement(place)
            var reader = elementReader(at: place.offset)
            let value = try Value._read(from: &reader)
            pass(&place, to: reader.position)
            return value
        } catch {
            throw fault(error, type, place)
        }
    }

    /// Reads an element.
    func element<Value: Decodable>(_ type: Value.Type, at place: inout CBORArrayPlace) throws -> Value {
        do throws(CBORFault) {
            try requireElement(place)
        } catch {
            throw fault(error, type, place)
        }
        var end = place.offset
        let value = try read(
            type, at: place.offset, CBORIndexKey.index(place.index), depth: depth &+ 1, end: &end)
        pass(&place, to: end)
        return value
    }

    /// Passes over an element if it is `null`.
    func null(at place: inout CBORArrayPlace) throws -> Bool {
        do throws(CBORFault) {
            try requireElement(place)
            var reader = elementReader(at: place.offset)
            guard try reader.readNull() else { return false }
            pass(&place, to: reader.position)
            return true
        } catch {
            throw fault(error, Any.self, place)
        }
    }

    /// Makes something of the decoder of an element, and passes over the element if that succeeds.
    func nested<Result>(
        at place: inout CBORArrayPlace, _ body: (CBORValueDecoder) throws -> Result
    ) throws -> Result {
        let child: CBORValueDecoder
        let end: Int
        do throws(CBORFault) {
            try requireElement(place)
            var reader = elementReader(at: place.offset)
            try reader.skip(depth: reader.depth)
            end = reader.position
        } catch {
            throw fault(error, Any.self, place)
        }
        child = try self.child(at: place.offset, CBORIndexKey.index(place.index))
        let result = try body(child)
        pass(&place, to: end)
        return result
    }
}
